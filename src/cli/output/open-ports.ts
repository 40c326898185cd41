import type { OpenPort } from '../../model/open-ports.ts';
import { formatTime } from './format.ts';
import type { Output } from './output.ts';
import { type Column, Table } from './table.ts';

/** `443/tcp`, `53` for both protocols. */
export function openPortName({ ports, protocol }: Pick<OpenPort, 'ports' | 'protocol'>): string {
  return protocol === 'any' ? ports : `${ports}/${protocol}`;
}

export async function printOpenPorts(out: Output, ports: readonly OpenPort[]): Promise<void> {
  if (ports.length === 0) out.notice('there are no open ports');
  else await new Table(out, COLUMNS).print(ports);
}

const COLUMNS: readonly Column<OpenPort>[] = [
  { title: 'ports', value: ({ ports }) => ports },
  { title: 'protocol', value: ({ protocol }) => (protocol === 'any' ? 'tcp, udp' : protocol) },
  { title: 'made by', value: ({ source }) => source },
  { title: 'created (UTC)', value: ({ createdAt }) => formatTime(createdAt), optional: true },
];
