import { formatDuration } from '../../model/durations.ts';
import type { CacheFigures, LatencyFigures, ProcessFigures, TrafficFigures } from '../../model/operations.ts';
import { type ReasonName, reasonLabel } from '../../model/reasons.ts';
import { formatBytes, formatCount } from './format.ts';
import type { Output } from './output.ts';
import { type Column, Table } from './table.ts';

export async function printLatency(out: Output, latency: readonly LatencyFigures[]): Promise<void> {
  if (latency.length === 0) out.notice('no operation has been measured yet');
  else await new Table(out, LATENCY_COLUMNS).print(latency);
}

export async function printCaches(out: Output, caches: readonly CacheFigures[]): Promise<void> {
  if (caches.length === 0) out.notice('there are no caches');
  else await new Table(out, CACHE_COLUMNS).print(caches);
}

export async function printTraffic(out: Output, { interval, passed, dropped, reasons }: TrafficFigures): Promise<void> {
  await out.line(`passed   ${formatRate(passed)}`);
  await out.line(`dropped  ${formatRate(dropped)}`);
  const active = reasons.filter(({ pps }) => pps > 0);
  if (active.length > 0) {
    await out.line();
    await new Table(out, TRAFFIC_COLUMNS).print([...active].sort((a, b) => b.pps - a.pps));
  }
  await out.line();
  await out.line(out.style.dim(`measured over ${interval.toFixed(1)} s`));
}

export async function printProcess(out: Output, figures: ProcessFigures): Promise<void> {
  const { cpu, residentMemory, heapUsed, eventLoopDelay, uptime } = figures;
  const { mean, p99, max } = eventLoopDelay;
  await out.line(`cpu      ${(cpu * 100).toFixed(1)} % of one core`);
  await out.line(`memory   ${formatBytes(residentMemory)} resident, ${formatBytes(heapUsed)} heap`);
  await out.line(`delay    ${mean.toFixed(1)} ms mean, ${p99.toFixed(1)} ms p99, ${max.toFixed(1)} ms most`);
  await out.line(`uptime   ${formatDuration(uptime)}`);
}

/** `1,234 packets/s, 12.3 Mbit/s` */
export function formatRate({ pps, bps }: { readonly pps: number; readonly bps: number }): string {
  return `${formatCount(Math.round(pps))} packets/s, ${formatBits(bps)}`;
}

/** 1500000 -> `1.5 Mbit/s` */
export function formatBits(value: number): string {
  const units = ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s'];
  let rest = value;
  let unit = 0;
  while (rest >= 1000 && unit < units.length - 1) {
    rest /= 1000;
    unit++;
  }
  return `${unit === 0 ? Math.round(rest) : rest.toFixed(1)} ${units[unit]}`;
}

const micro = (title: string, value: (row: LatencyFigures) => number): Column<LatencyFigures> => ({
  title,
  value: (row) => value(row).toFixed(1),
  right: true,
});

const LATENCY_COLUMNS: readonly Column<LatencyFigures>[] = [
  { title: 'operation (us)', value: ({ operation }) => operation },
  { title: 'count', value: ({ count }) => formatCount(count), right: true },
  { title: 'errors', value: ({ errors }) => formatCount(errors), right: true },
  micro('mean', ({ mean }) => mean),
  micro('p50', ({ p50 }) => p50),
  micro('p99', ({ p99 }) => p99),
  { ...micro('p90', ({ p90 }) => p90), optional: true },
  { ...micro('min', ({ min }) => min), optional: true },
  { ...micro('max', ({ max }) => max), optional: true },
];

const CACHE_COLUMNS: readonly Column<CacheFigures>[] = [
  { title: 'cache', value: ({ name }) => name },
  { title: 'hits', value: ({ hits }) => formatCount(hits), right: true },
  { title: 'misses', value: ({ misses }) => formatCount(misses), right: true },
  { title: 'hit rate', value: ({ hitRate }) => `${(hitRate * 100).toFixed(1)} %`, right: true },
  { title: 'evictions', value: ({ evictions }) => formatCount(evictions), right: true },
  { title: 'size', value: ({ size }) => formatCount(size), right: true },
];

const TRAFFIC_COLUMNS: readonly Column<TrafficFigures['reasons'][number]>[] = [
  { title: 'verdict', value: ({ verdict }) => verdict, style: ({ verdict }) => (verdict === 'pass' ? 'green' : 'red') },
  { title: 'reason', value: ({ reason }) => reasonLabel(reason as ReasonName) },
  { title: 'packets/s', value: ({ pps }) => formatCount(Math.round(pps)), right: true },
  { title: 'bits/s', value: ({ bps }) => formatBits(bps), right: true },
];
