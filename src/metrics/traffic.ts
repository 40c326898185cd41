import { Counter, type Registry } from 'prom-client';
import { REASON_NAMES, type ReasonName, reasonLabel, reasonVerdict } from '../model/reasons.ts';
import type { Stats } from '../model/status.ts';
import type { Collector } from './collector.ts';

const LABELS = ['verdict', 'reason'] as const;

/** What monitor mode would have dropped has a verdict of its own: those packets passed. */
const WOULD_DROP = 'would_drop';

/** Packets and bytes by verdict and reason; a reason that never occurred is there with 0, so that rates can be asked. */
export function trafficMetrics(registry: Registry): Collector {
  const registers = [registry];
  const packets = new Counter({
    name: 'netxfw_packets_total',
    help: 'Packets by verdict and reason since the maps were made or the statistics reset.',
    labelNames: LABELS,
    registers,
  });
  const bytes = new Counter({
    name: 'netxfw_bytes_total',
    help: 'Bytes on the wire by verdict and reason since the maps were made or the statistics reset.',
    labelNames: LABELS,
    registers,
  });
  const clear = () => {
    packets.reset();
    bytes.reset();
  };
  return {
    name: 'stats',
    clear,
    async collect(netxfw) {
      const stats = await netxfw.stats.get();
      clear();
      for (const [labels, figures] of series(stats)) {
        packets.inc(labels, figures.packets);
        bytes.inc(labels, figures.bytes);
      }
    },
  };
}

type Labels = { verdict: string; reason: string };

function series(stats: Stats): [Labels, { readonly packets: number; readonly bytes: number }][] {
  const labels = (name: ReasonName): Labels => ({ verdict: reasonVerdict(name), reason: reasonLabel(name) });
  const nothing = { packets: 0, bytes: 0 };
  const enforced = REASON_NAMES.map((name): [Labels, typeof nothing] => {
    const found = stats.reasons.find(({ reason, monitored }) => reason === name && !monitored);
    return [labels(name), found ?? nothing];
  });
  const monitored = stats.reasons
    .filter((reason) => reason.monitored)
    .map((figures): [Labels, typeof nothing] => [
      { verdict: figures.verdict === 'drop' ? WOULD_DROP : 'pass', reason: reasonLabel(figures.reason) },
      figures,
    ]);
  return [...enforced, ...monitored];
}
