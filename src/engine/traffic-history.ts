import { randomBytes } from 'node:crypto';
import type { ReasonHistory, ReasonStats, Stats, TrafficHistory } from '../model/status.ts';

/** A quarter of an hour of seconds. */
export const HISTORY_STEPS = 900;

/** What one reason counted, step by step; a reason that never counted anything has none. */
interface Column extends Pick<ReasonStats, 'reason' | 'verdict' | 'monitored'> {
  readonly packets: Float64Array;
  readonly bytes: Float64Array;
}

/** The last steps of the counters, in rings: 11 kB, and 14 kB for each reason that was ever seen. */
export class StepRing {
  /** Tells positions of this ring from those of an earlier process. */
  readonly #name = randomBytes(6).toString('hex');
  readonly #at = new Float64Array(HISTORY_STEPS);
  readonly #seconds = new Float32Array(HISTORY_STEPS);
  readonly #columns = new Map<string, Column>();
  /** Steps that were ever taken. */
  #taken = 0;

  /** @param at Unix milliseconds at which the step ends */
  take(at: number, seconds: number, before: Stats, now: Stats): void {
    const slot = this.#taken++ % HISTORY_STEPS;
    this.#at[slot] = at;
    this.#seconds[slot] = seconds;
    for (const { packets, bytes } of this.#columns.values()) {
      packets[slot] = 0;
      bytes[slot] = 0;
    }
    const earlier = new Map(before.reasons.map((one) => [keyOf(one), one]));
    for (const one of now.reasons) {
      const then = earlier.get(keyOf(one));
      const packets = one.packets - (then?.packets ?? 0);
      if (packets <= 0) continue;
      const column = this.#column(one);
      column.packets[slot] = packets;
      column.bytes[slot] = Math.max(0, one.bytes - (then?.bytes ?? 0));
    }
  }

  /** @param after `next` of an earlier answer; a position that is none of this ring gives everything */
  since(after: string | undefined): TrafficHistory {
    const known = after?.startsWith(`${this.#name}-`) ? Number(after.slice(this.#name.length + 1)) : 0;
    const oldest = Math.max(0, this.#taken - HISTORY_STEPS);
    const first = Number.isSafeInteger(known) && known <= this.#taken ? Math.max(oldest, known) : oldest;
    const slots = Array.from({ length: this.#taken - first }, (_, i) => (first + i) % HISTORY_STEPS);
    const pick = (values: Float64Array | Float32Array) => slots.map((slot) => values[slot]!);
    const reasons: ReasonHistory[] = [];
    for (const { packets, bytes, reason, verdict, monitored } of this.#columns.values()) {
      if (!slots.some((slot) => packets[slot]! > 0)) continue;
      reasons.push({ reason, verdict, monitored, packets: pick(packets), bytes: pick(bytes) });
    }
    const seconds = pick(this.#seconds).map((value) => Math.round(value * 1000) / 1000);
    return { next: `${this.#name}-${this.#taken}`, at: pick(this.#at), seconds, reasons };
  }

  #column({ reason, verdict, monitored }: ReasonStats): Column {
    const key = keyOf({ reason, monitored });
    let column = this.#columns.get(key);
    if (column === undefined) {
      const [packets, bytes] = [new Float64Array(HISTORY_STEPS), new Float64Array(HISTORY_STEPS)];
      column = { reason, verdict, monitored, packets, bytes };
      this.#columns.set(key, column);
    }
    return column;
  }
}

const keyOf = ({ reason, monitored }: Pick<ReasonStats, 'reason' | 'monitored'>): string =>
  monitored ? `${reason} monitored` : reason;
