import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { LatencyFigures } from '../model/operations.ts';

interface Operation {
  readonly histogram: RecordableHistogram;
  errors: number;
}

/** Nanoseconds; longer ones count as this long. */
const HIGHEST = 60_000_000_000;

/** How long operations on the maps take, by operation; failed ones count too. */
export class Latency {
  readonly #operations = new Map<string, Operation>();
  readonly #now: () => bigint;

  /** @param now nanoseconds, of a clock that only goes forward */
  constructor(now: () => bigint = process.hrtime.bigint) {
    this.#now = now;
  }

  /** Runs an operation and records how long it took. */
  time<Result>(name: string, run: () => Result): Result {
    const operation = this.#operation(name);
    const start = this.#now();
    try {
      return run();
    } catch (error) {
      operation.errors++;
      throw error;
    } finally {
      const elapsed = Number(this.#now() - start);
      operation.histogram.record(Math.min(HIGHEST, Math.max(1, elapsed)));
    }
  }

  /** Operations that ran at least once since the last reset, by name. */
  figures(): LatencyFigures[] {
    return [...this.#operations]
      .filter(([, { histogram }]) => histogram.count > 0)
      .map(([operation, { histogram, errors }]) => ({
        operation,
        count: histogram.count,
        errors,
        min: micros(histogram.min),
        mean: micros(histogram.mean),
        max: micros(histogram.max),
        p50: micros(histogram.percentile(50)),
        p90: micros(histogram.percentile(90)),
        p99: micros(histogram.percentile(99)),
      }))
      .sort((a, b) => a.operation.localeCompare(b.operation));
  }

  reset(): void {
    for (const operation of this.#operations.values()) {
      operation.histogram.reset();
      operation.errors = 0;
    }
  }

  #operation(name: string): Operation {
    let operation = this.#operations.get(name);
    if (operation === undefined) {
      operation = { histogram: createHistogram({ highest: HIGHEST, figures: 3 }), errors: 0 };
      this.#operations.set(name, operation);
    }
    return operation;
  }
}

/** Nanoseconds -> microseconds, to the nanosecond. */
const micros = (nanoseconds: number): number => Math.round(nanoseconds) / 1000;
