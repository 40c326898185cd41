import { formatDuration } from '../../model/durations.ts';
import type { EventTop, TopEntry } from '../../model/events.ts';
import { type ReasonName, reasonLabel } from '../../model/reasons.ts';
import { formatCount } from './format.ts';
import type { Output } from './output.ts';
import { Table } from './table.ts';

export async function printTop(out: Output, { window, sources, ports, reasons }: EventTop): Promise<void> {
  if (sources.length + ports.length + reasons.length === 0) {
    return out.notice(`nothing was dropped in the last ${formatDuration(window)}`);
  }
  await printEntries(out, 'source', sources);
  await out.line();
  await printEntries(out, 'port', ports);
  await out.line();
  const labels = reasons.map(({ key, packets }) => ({ key: reasonLabel(key as ReasonName), packets }));
  await printEntries(out, 'reason', labels);
  await out.line();
  await out.line(out.style.dim(`reported drops of the last ${formatDuration(window)}`));
}

/** The most frequent ones of a kind. */
export async function printEntries(out: Output, title: string, entries: readonly TopEntry[]): Promise<void> {
  await new Table<TopEntry>(out, [
    { title, value: ({ key }) => key },
    { title: 'packets', value: ({ packets }) => formatCount(packets), right: true },
  ]).print(entries);
}
