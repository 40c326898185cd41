import { Recent } from '../../model/recent.ts';

/** Offenders that are remembered at once; those that were quiet longest go first. */
const MAX_OFFENDERS = 200_000;
/** An offender that has been acted on is left alone this long, milliseconds: what it did before is still on its way through logs. */
const QUIET = 10_000;

/** Counts what each offender did within the last `interval`. */
export class Window {
  readonly #threshold: number;
  readonly #interval: number;
  /** Offender -> times, oldest first, at most `threshold` of them. */
  readonly #times = new Recent<number[]>(MAX_OFFENDERS);
  readonly #acted = new Recent<number>(MAX_OFFENDERS);

  /** @param interval milliseconds */
  constructor(threshold: number, interval: number) {
    this.#threshold = threshold;
    this.#interval = interval;
  }

  /** One more line of an offender, at a time in milliseconds. @returns its lines in the window, and whether it is time to act */
  count(offender: string, at: number): { readonly lines: number; readonly act: boolean } {
    const times = (this.#times.get(offender) ?? []).filter((time) => time > at - this.#interval);
    times.push(at);
    const lines = times.length;
    if (lines < this.#threshold) {
      this.#times.set(offender, times);
      return { lines, act: false };
    }
    this.#times.delete(offender);
    if (at - (this.#acted.get(offender) ?? Number.NEGATIVE_INFINITY) < QUIET) return { lines, act: false };
    this.#acted.set(offender, at);
    return { lines, act: true };
  }
}
