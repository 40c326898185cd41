import type { DataPlane } from '../dataplane/dataplane.ts';
import { NetxfwError } from '../model/errors.ts';
import type { EngineEvent } from '../model/events.ts';
import type { ExplainRequest, ExplainResult } from '../model/explain.ts';
import { AutoBlocks } from './auto-blocks.ts';
import { Conns } from './conns.ts';
import type { EngineCore } from './core.ts';
import { explain } from './explain.ts';
import { Health } from './health.ts';
import { Mailbox } from './mailbox.ts';
import { Perf } from './perf.ts';
import { StatsCache } from './stats-cache.ts';
import { Traffic } from './traffic.ts';
import { Verdicts } from './verdicts.ts';

/** Events of the engine that wait for one reader. */
const WAITING = 1000;

export interface ObservationOptions {
  /** Everything is judged and nothing is dropped. */
  readonly monitored: () => boolean;
  /** Oldest statistics that are given out, milliseconds. */
  readonly statsAge: () => number;
}

/** What can be looked at without changing rules: connections, verdicts, figures, what would happen to a packet. */
export class Observation {
  readonly conns: Conns;
  readonly verdicts: Verdicts;
  readonly cache: StatsCache;
  readonly traffic: Traffic;
  readonly perf: Perf;
  readonly health: Health;
  readonly #core: EngineCore;
  readonly #options: ObservationOptions;
  readonly #readers = new Set<Mailbox<EngineEvent>>();

  constructor(core: EngineCore, options: ObservationOptions) {
    const dataplane: DataPlane = core.dataplane;
    this.#core = core;
    this.#options = options;
    this.cache = new StatsCache(dataplane, { ttl: options.statsAge });
    this.conns = new Conns(dataplane, () => this.cache.fill());
    const autoBlocks = new AutoBlocks(core);
    this.verdicts = new Verdicts(dataplane, core.now, (record) => autoBlocks.notice(record));
    this.traffic = new Traffic((fresh) => {
      if (fresh) this.cache.forgetStats();
      return this.cache.sampleStats();
    });
    this.perf = new Perf(dataplane, this.cache, this.traffic);
    this.health = new Health(core);
    core.events.on((event) => {
      this.#noticeChange(event);
      for (const box of this.#readers) box.put(event);
    });
  }

  explain(request: ExplainRequest): ExplainResult {
    const { dataplane, table, policy } = this.#core;
    return explain({ dataplane, table, policy, monitored: this.#options.monitored }, request);
  }

  /**
   * What happens in the engine, until the signal aborts. A reader that falls far behind is cut off: it should read the state anew.
   * @throws NetxfwError TOO_MANY_REQUESTS when it was too slow
   */
  async *events(signal?: AbortSignal): AsyncGenerator<EngineEvent, void, undefined> {
    if (signal?.aborted) return;
    const box = new Mailbox<EngineEvent>(WAITING, () => this.#readers.delete(box));
    const leave = () => box.close();
    this.#readers.add(box);
    signal?.addEventListener('abort', leave, { once: true });
    try {
      for await (const item of box) {
        if (signal?.aborted) return;
        if ('lost' in item) {
          throw new NetxfwError('TOO_MANY_REQUESTS', `the reader was too slow: ${item.lost} events were lost`, {
            hint: 'Read the current state, then follow the events again.',
          });
        }
        yield item;
      }
    } finally {
      signal?.removeEventListener('abort', leave);
      leave();
    }
  }

  /** Counters begin anew. */
  forgetStats(): void {
    this.cache.forgetStats();
    this.traffic.forget();
  }

  /**
   * Keeps figures ready, and the filter where it shall be: for a process that stays.
   * @param run work, when nothing else changes anything
   */
  watch(run: <T>(work: () => T) => Promise<T>): void {
    this.traffic.keep();
    try {
      this.verdicts.keepTop();
    } catch (error) {
      this.#core.warn(`verdicts cannot be followed: ${NetxfwError.from(error).message}`);
    }
    this.perf.watchLoop();
    this.health.watch(run);
  }

  close(): void {
    this.health.close();
    this.perf.close();
    this.traffic.close();
    this.verdicts.close();
    for (const box of [...this.#readers]) box.close();
    this.cache.close();
  }

  #noticeChange({ type }: EngineEvent): void {
    if (type !== 'health') this.cache.forgetFill();
    if (type === 'reload') this.cache.forgetStats();
  }
}
