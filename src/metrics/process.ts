import { readdirSync } from 'node:fs';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, type Registry } from 'prom-client';

const NANOSECONDS = 1e9;
const MICROSECONDS = 1e6;
/** How often the event loop is asked how late it is, milliseconds. */
const RESOLUTION = 20;

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
    const late = new Gauge({
      name: 'nodejs_eventloop_lag_seconds',
      help: 'How late the event loop was since the last scrape.',
      labelNames: ['quantile'],
      registers,
      collect: () => {
        for (const quantile of [0.5, 0.9, 0.99, 1]) {
          // Nothing was measured yet right after a scrape: percentiles are the resolution then, at least.
          const value = this.#delay.count === 0 ? 0 : this.#delay.percentile(quantile * 100) / NANOSECONDS;
          late.set({ quantile: String(quantile) }, Math.max(0, value - RESOLUTION / 1000));
        }
        this.#delay.reset();
      },
    });
    this.#delay.enable();
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
