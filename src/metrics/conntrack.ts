import { Gauge, type Registry } from 'prom-client';
import type { FlowCounts } from '../model/conns.ts';
import type { Collector } from './collector.ts';

/** Counting by state reads every flow, so it is not done more often than this, milliseconds. */
const INTERVAL = 60_000;

/** @param now milliseconds of a clock that only goes forward */
export function conntrackMetrics(registry: Registry, now: () => number = () => performance.now()): Collector {
  const registers = [registry];
  const flows = new Gauge({
    name: 'netxfw_conntrack_flows',
    help: 'Tracked outgoing flows by state, counted once a minute.',
    labelNames: ['state'],
    registers,
  });
  const capacity = new Gauge({
    name: 'netxfw_conntrack_capacity',
    help: 'Flows that the connection table has room for.',
    registers,
  });
  let counted: { readonly at: number; readonly counts: FlowCounts } | undefined;
  return {
    name: 'conntrack',
    clear() {
      counted = undefined;
      flows.reset();
      capacity.reset();
    },
    async collect(netxfw) {
      if (counted !== undefined && now() - counted.at < INTERVAL) return;
      const counts = await netxfw.conns.counts();
      counted = { at: now(), counts };
      for (const [state, count] of Object.entries(counts.states)) flows.set({ state }, count);
      capacity.set(counts.capacity);
    },
  };
}
