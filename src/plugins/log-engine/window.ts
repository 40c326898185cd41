/** Offenders that are remembered at once; the one that was quiet longest goes first. */
const MAX_OFFENDERS = 100_000;
/** An offender that has been acted on is left alone this long, milliseconds: what it did before is still on its way through logs. */
const QUIET = 10_000;

/** Counts what each offender did within the last `interval`. */
export class Window {
  readonly #threshold: number;
  readonly #interval: number;
  /** Offender -> times, oldest first, at most `threshold` of them. A Map keeps the order of insertion. */
  readonly #times = new Map<string, number[]>();
  readonly #acted = new Map<string, number>();

  /** @param interval milliseconds */
  constructor(threshold: number, interval: number) {
    this.#threshold = threshold;
    this.#interval = interval;
  }

  /** One more line of an offender, at a time in milliseconds. @returns its lines in the window, and whether it is time to act */
  count(offender: string, at: number): { readonly lines: number; readonly act: boolean } {
    const times = (this.#times.get(offender) ?? []).filter((time) => time > at - this.#interval);
    this.#times.delete(offender);
    times.push(at);
    const lines = times.length;
    if (lines < this.#threshold) {
      this.#times.set(offender, times);
      if (this.#times.size > MAX_OFFENDERS) this.#times.delete(this.#times.keys().next().value!);
      return { lines, act: false };
    }
    if (at - (this.#acted.get(offender) ?? Number.NEGATIVE_INFINITY) < QUIET) return { lines, act: false };
    this.#acted.delete(offender);
    this.#acted.set(offender, at);
    if (this.#acted.size > MAX_OFFENDERS) this.#acted.delete(this.#acted.keys().next().value!);
    return { lines, act: true };
  }
}
