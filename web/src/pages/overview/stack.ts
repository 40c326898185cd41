import { REASON_NAMES, type ReasonName, reasonVerdict } from '../../../../src/model/reasons.ts';
import type { Sample } from '../../api/traffic.ts';

export type Unit = 'pps' | 'bps';

/** What a stacked chart draws: each row of `sums` is the sum of its reason and all before it. */
export interface Stack {
  readonly times: number[];
  readonly reasons: readonly ReasonName[];
  /** By reason, its own share. */
  readonly values: readonly (number | null)[][];
  readonly sums: readonly (number | null)[][];
}

/** Passed reasons lie at the bottom, dropped ones on top; one that never occurred is left out. */
export function stackOf(samples: readonly Sample[], unit: Unit, dropsOnly: boolean): Stack {
  const seen = new Set<ReasonName>();
  for (const { reasons } of samples) for (const [reason, { pps }] of reasons) if (pps > 0) seen.add(reason);
  const reasons = REASON_NAMES.filter((name) => seen.has(name) && !(dropsOnly && reasonVerdict(name) === 'pass'));
  const times: number[] = [];
  const values: (number | null)[][] = reasons.map(() => []);
  const sums: (number | null)[][] = reasons.map(() => []);
  for (const sample of samples) {
    if (sample.gap) {
      times.push(sample.at - 0.001);
      for (const row of [...values, ...sums]) row.push(null);
    }
    times.push(sample.at);
    let sum = 0;
    reasons.forEach((reason, at) => {
      const value = rateOf(sample, reason, unit);
      sum += value;
      values[at]!.push(value);
      sums[at]!.push(sum);
    });
  }
  return { times, reasons, values, sums };
}

function rateOf(sample: Sample, reason: ReasonName, unit: Unit): number {
  const rates = sample.reasons.get(reason);
  if (rates === undefined) return 0;
  return unit === 'pps' ? rates.pps : rates.bytes * 8;
}
