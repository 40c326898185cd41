import { type AuditPage, type AuditRecord, auditAction, auditDetail } from '../../model/audit.ts';
import { formatTime } from './format.ts';
import type { Output } from './output.ts';
import { type Column, Table } from './table.ts';

const COLUMNS: readonly Column<AuditRecord>[] = [
  { title: 'time (UTC)', value: ({ at }) => formatTime(at) },
  { title: 'who', value: ({ who }) => who, shrink: true },
  { title: 'from', value: ({ from, via }) => from ?? via, optional: true },
  { title: 'result', value: ({ outcome }) => outcome, style: ({ outcome }) => (outcome === 'ok' ? 'green' : 'red') },
  { title: 'what', value: whatOf, shrink: true },
];

export async function printAudit(out: Output, { records, next }: AuditPage): Promise<void> {
  if (records.length === 0) return out.notice('there are no such records');
  await new Table(out, COLUMNS).print(records);
  if (next !== null) out.notice(`older ones with --before ${next}`);
}

function whatOf(record: AuditRecord): string {
  const detail = auditDetail(record);
  return detail === '' ? auditAction(record.route) : `${auditAction(record.route)}: ${detail}`;
}
