import { reasonLabel } from '../../model/reasons.ts';
import type { Counter, ReasonStats, Stats } from '../../model/status.ts';
import type { Context } from '../context.ts';
import { formatBytes, formatCount, plural } from './format.ts';
import { Table } from './table.ts';

export async function printStats({ out }: Context, stats: Stats): Promise<void> {
  const { passed, dropped, wouldDrop } = stats;
  await out.line(`passed   ${formatCounter(passed)}`);
  await out.line(`dropped  ${formatCounter(dropped)}`);
  if (wouldDrop.packets > 0) await out.line(`monitor mode would have dropped  ${formatCounter(wouldDrop)}`);
  if (stats.reasons.length === 0) return;
  await out.line();
  await new Table<ReasonStats>(out, [
    {
      title: 'verdict',
      value: ({ verdict, monitored }) => (monitored ? `would ${verdict}` : verdict),
      style: ({ verdict, monitored }) => (verdict === 'pass' ? 'green' : monitored ? 'yellow' : 'red'),
    },
    { title: 'reason', value: ({ reason }) => reasonLabel(reason) },
    { title: 'packets', value: ({ packets }) => formatCount(packets), right: true },
    { title: 'bytes', value: ({ bytes }) => formatBytes(bytes), right: true },
    { title: 'meaning', value: ({ description }) => description, shrink: true, optional: true },
  ]).print([...stats.reasons].sort((a, b) => b.packets - a.packets));
}

export function formatCounter({ packets, bytes }: Counter): string {
  return `${plural(packets, 'packet')}, ${formatBytes(bytes)}`;
}
