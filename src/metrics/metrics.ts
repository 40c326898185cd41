import { Gauge, Registry } from 'prom-client';
import type { Netxfw } from '../sdk/types.ts';
import { ChangeCounters } from './changes.ts';
import type { Collector } from './collector.ts';
import { conntrackMetrics } from './conntrack.ts';
import { performanceMetrics } from './performance.ts';
import { ProcessFigures } from './process.ts';
import { requestMetrics, type Served } from './requests.ts';
import { stateMetrics } from './state.ts';
import { trafficMetrics } from './traffic.ts';

export interface MetricDescription {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly labelNames: readonly string[];
}

/** The figures of a netxfw for Prometheus, read through its SDK when they are asked for. */
export class Metrics implements Disposable {
  readonly #netxfw: Netxfw;
  readonly #registry = new Registry();
  readonly #collectors: readonly Collector[];
  readonly #process: ProcessFigures;
  readonly #success: Gauge<'collector'>;
  readonly #closing = new AbortController();
  #reading: Promise<string> | null = null;
  /** Counts an answer of the API. */
  readonly observe: (served: Served) => void;

  constructor(netxfw: Netxfw) {
    this.#netxfw = netxfw;
    const registry = this.#registry;
    this.#collectors = [
      trafficMetrics(registry),
      stateMetrics(registry),
      conntrackMetrics(registry),
      performanceMetrics(registry),
    ];
    const changes = new ChangeCounters(registry);
    // The stream ends with the engine, or with this; whatever ends it harms no other figure.
    void changes.follow(netxfw, this.#closing.signal).catch(() => {});
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

  /** Every metric that there is, whether it has a value or not. */
  describe(): readonly MetricDescription[] {
    return this.#registry.getMetricsAsArray().map((metric) => {
      const { name, help, type, labelNames = [] } = metric as unknown as MetricDescription;
      return { name, help, type, labelNames };
    });
  }

  [Symbol.dispose](): void {
    this.#closing.abort();
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
    const text = await this.#registry.metrics();
    this.#process.next();
    return text;
  }
}
