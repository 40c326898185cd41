import type { IpPortRule } from '../../model/open-ports.ts';
import type { Context } from '../context.ts';
import type { PortRulesDocument } from '../documents.ts';
import { formatTime } from './format.ts';
import { type Column, Table } from './table.ts';

export async function printPortRules(context: Context, portRules: readonly IpPortRule[]): Promise<void> {
  if (context.json) return context.out.json<PortRulesDocument>({ portRules });
  if (portRules.length === 0) context.out.notice('there are no such rules');
  else await new Table(context.out, COLUMNS).print(portRules);
}

const COLUMNS: readonly Column<IpPortRule>[] = [
  { title: 'action', value: ({ action }) => action, style: ({ action }) => (action === 'allow' ? 'green' : 'red') },
  { title: 'source', value: ({ prefix }) => prefix },
  { title: 'ports', value: ({ ports }) => ports },
  { title: 'protocol', value: ({ protocol }) => protocol },
  { title: 'reason', value: ({ reason }) => reason, shrink: true },
  { title: 'made by', value: ({ source }) => source, optional: true },
  { title: 'created (UTC)', value: ({ createdAt }) => formatTime(createdAt), optional: true },
];
