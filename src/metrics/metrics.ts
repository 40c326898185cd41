import { Gauge, Registry } from 'prom-client';
import type { Netxfw } from '../sdk/types.ts';
import type { Collector } from './collector.ts';
import { ProcessFigures } from './process.ts';
import { requestMetrics, type Served } from './requests.ts';
import { stateMetrics } from './state.ts';
import { trafficMetrics } from './traffic.ts';

/** The figures of a netxfw for Prometheus, read through its SDK when they are asked for. */
export class Metrics implements Disposable {
  readonly #netxfw: Netxfw;
  readonly #registry = new Registry();
  readonly #collectors: readonly Collector[];
  readonly #process: ProcessFigures;
  readonly #success: Gauge<'collector'>;
  #reading: Promise<string> | null = null;
  /** Counts an answer of the API. */
  readonly observe: (served: Served) => void;

  constructor(netxfw: Netxfw) {
    this.#netxfw = netxfw;
    this.#collectors = [trafficMetrics(this.#registry), stateMetrics(this.#registry)];
    this.observe = requestMetrics(this.#registry);
    this.#process = new ProcessFigures(this.#registry);
    this.#success = new Gauge({
      name: 'netxfw_collector_success',
      help: '1 when this group of figures could be read.',
      labelNames: ['collector'],
      registers: [this.#registry],
    });
  }

  /** All figures in the text format of Prometheus. Scrapes at the same time share one reading. */
  read(): Promise<string> {
    this.#reading ??= this.#collect().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  [Symbol.dispose](): void {
    this.#process.close();
  }

  async #collect(): Promise<string> {
    for (const collector of this.#collectors) {
      const { name } = collector;
      try {
        await collector.collect(this.#netxfw);
        this.#success.set({ collector: name }, 1);
      } catch {
        collector.clear();
        this.#success.set({ collector: name }, 0);
      }
    }
    return this.#registry.metrics();
  }
}
