import { TICKS_PER_NS } from './layout.ts';

const TICKS_PER_SECOND = 1e9 * TICKS_PER_NS;
/** Nine years; the sum of any time and this still fits into 64 bits. */
const MAX_DEPTH = 2 ** 62;

/** A token bucket as the kernel program wants it, in ticks. */
export interface Bucket {
  /** Per packet. */
  readonly cost: number;
  /** How much may be owed. */
  readonly depth: number;
}

/** @param rate packets per second, @param burst packets that may come at once */
export function tokenBucket(rate: number, burst: number): Bucket {
  const cost = Math.max(1, Math.round(TICKS_PER_SECOND / rate));
  return { cost, depth: Math.min(MAX_DEPTH, burst * cost) };
}
