import { readdirSync } from 'node:fs';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, type Registry } from 'prom-client';

const NANOSECONDS = 1e9;
const MICROSECONDS = 1e6;
/** How often the event loop is asked how late it is, milliseconds; each time wakes the process up. */
const RESOLUTION = 250;

/** Figures of this process, under the names that every Prometheus client uses. */
export class ProcessFigures {
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION });

  constructor(registry: Registry) {
    const registers = [registry];
    new Counter({
      name: 'process_cpu_seconds_total',
      help: 'User and system CPU time of the daemon.',
      registers,
      collect() {
        const { user, system } = process.cpuUsage();
        this.reset();
        this.inc((user + system) / MICROSECONDS);
      },
    });
    gauge(registry, 'process_resident_memory_bytes', 'Memory of the daemon in RAM.', () => process.memoryUsage.rss());
    gauge(registry, 'process_heap_bytes', 'JavaScript heap in use.', () => process.memoryUsage().heapUsed);
    gauge(registry, 'process_open_fds', 'Open file descriptors.', () => readdirSync('/proc/self/fd').length);
    const started = Date.now() / 1000 - process.uptime();
    gauge(registry, 'process_start_time_seconds', 'When the daemon started, in Unix time.', () => started);
    const lag = (name: string, help: string, read: (delay: IntervalHistogram) => number) =>
      gauge(registry, `nodejs_eventloop_lag_${name}_seconds`, `${help} since the last scrape.`, () => {
        // Nothing was measured yet right after a scrape; else a delay holds the pause between two measurements.
        const value = this.#delay.count === 0 ? 0 : read(this.#delay) / NANOSECONDS;
        return Math.max(0, value - RESOLUTION / 1000);
      });
    lag('p50', 'Median of how late the event loop was', (delay) => delay.percentile(50));
    lag('p99', '99th percentile of how late the event loop was', (delay) => delay.percentile(99));
    lag('max', 'How late the event loop was at most', (delay) => delay.max);
  }

  /** Begins to measure anew what is measured between two scrapes: not before the first, for nobody may ever come. */
  next(): void {
    this.#delay.enable();
    this.#delay.reset();
  }

  close(): void {
    this.#delay.disable();
  }
}

function gauge(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}
