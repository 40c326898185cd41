import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REASON_NAMES, type ReasonName } from '../../src/model/reasons.ts';
import { KernelFilter } from '../support/kernel-filter.ts';
import { KernelHost } from '../support/kernel-host.ts';
import { compare, type Difference, report } from './random/compare.ts';
import { type Scenario, scenario } from './random/scenario.ts';

/** Packets of one run; NETXFW_MODEL_PACKETS and NETXFW_MODEL_SEED repeat or prolong one. */
const PACKETS = Number(process.env.NETXFW_MODEL_PACKETS ?? 200_000);
const SEED = Number(process.env.NETXFW_MODEL_SEED ?? Date.now() % 2 ** 31);
const EVENTS = 300;

/** Only plugins give these. */
const UNREACHABLE: readonly ReasonName[] = ['PASS_PLUGIN', 'DROP_PLUGIN'];

let host: KernelHost;
let filter: KernelFilter;

beforeAll(() => {
  host = new KernelHost();
  filter = new KernelFilter();
});

afterAll(() => {
  filter?.[Symbol.dispose]();
  host?.[Symbol.dispose]();
});

describe('the kernel program and the model', () => {
  it(`agree on ${PACKETS} random packets`, { timeout: 600_000 }, () => {
    console.info(`seed ${SEED}`);
    const counts = new Map<ReasonName, number>();
    let packets = 0;
    let last: { scenario: Scenario; difference: Difference } | undefined;
    const agree = (drawn: Scenario) => {
      const { difference, reasons } = compare(drawn, filter, host.ifindex);
      packets += reasons.length;
      for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
      if (difference !== null) last = { scenario: drawn, difference };
      return difference === null;
    };
    host.inside(() => {
      for (let round = 0; packets < PACKETS && last === undefined; round++) {
        const details = fc.check(fc.property(scenario(EVENTS), agree), { seed: SEED + round, numRuns: 100 });
        // Anything but a difference is a fault of the test itself.
        if (details.failed && last === undefined) throw details.errorInstance;
      }
    });
    if (last !== undefined) {
      throw new Error(`seed ${SEED}, after ${packets} packets:\n${report(last.scenario, last.difference)}`);
    }
    const share = (count: number) => `${count} (${((100 * count) / packets).toFixed(2)} %)`;
    const lines = [...counts].sort((a, b) => b[1] - a[1]).map(([reason, count]) => `${reason} ${share(count)}`);
    console.info(`${packets} packets: ${lines.join(', ')}`);
    expect(REASON_NAMES.filter((reason) => !counts.has(reason) && !UNREACHABLE.includes(reason))).toEqual([]);
  });
});
