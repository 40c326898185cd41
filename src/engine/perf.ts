import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { DataPlane } from '../dataplane/dataplane.ts';
import type { PerfReport, ProcessFigures } from '../model/operations.ts';
import type { StatsCache } from './stats-cache.ts';
import type { Traffic } from './traffic.ts';

/** Milliseconds; each sample is a wake-up of the process. */
const LOOP_RESOLUTION = 250;

/** How this process and its work on the maps perform. */
export class Perf {
  readonly #dataplane: Pick<DataPlane, 'latency' | 'resetLatency'>;
  readonly #cache: StatsCache;
  readonly #traffic: Traffic;
  #loop: IntervalHistogram | undefined;
  #cpu = { usage: process.cpuUsage(), at: performance.now() };

  constructor(dataplane: Pick<DataPlane, 'latency' | 'resetLatency'>, cache: StatsCache, traffic: Traffic) {
    this.#dataplane = dataplane;
    this.#cache = cache;
    this.#traffic = traffic;
  }

  async get(): Promise<PerfReport> {
    this.watchLoop();
    const traffic = await this.#traffic.figures();
    return {
      latency: this.#dataplane.latency(),
      caches: this.#cache.figures(),
      traffic,
      process: this.#process(),
    };
  }

  /** Latencies, caches and the event loop begin anew; the counters of packets stay. */
  reset(): void {
    this.#dataplane.resetLatency();
    this.#cache.resetFigures();
    this.#loop?.reset();
  }

  /** Measures the delay of the event loop from now on. */
  watchLoop(): void {
    if (this.#loop !== undefined) return;
    this.#loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION });
    this.#loop.enable();
  }

  /** Milliseconds; how long work that was due had to wait. */
  get loopDelay(): ProcessFigures['eventLoopDelay'] {
    const loop = this.#loop;
    if (loop === undefined || loop.count === 0) return { mean: 0, p99: 0, max: 0 };
    return { mean: delayOf(loop.mean), p99: delayOf(loop.percentile(99)), max: delayOf(loop.max) };
  }

  close(): void {
    this.#loop?.disable();
  }

  #process(): ProcessFigures {
    const { rss, heapUsed } = process.memoryUsage();
    return {
      cpu: this.#cpuShare(),
      residentMemory: rss,
      heapUsed,
      eventLoopDelay: this.loopDelay,
      uptime: process.uptime(),
    };
  }

  /** Of one core, since it was asked before. */
  #cpuShare(): number {
    const { usage, at } = this.#cpu;
    const now = performance.now();
    const { user, system } = process.cpuUsage(usage);
    this.#cpu = { usage: process.cpuUsage(), at: now };
    return now <= at ? 0 : (user + system) / 1000 / (now - at);
  }
}

/** The histogram holds the whole time between two samples, nanoseconds. */
const delayOf = (nanoseconds: number): number =>
  Math.max(0, Math.round((nanoseconds / 1e6 - LOOP_RESOLUTION) * 1000) / 1000);
