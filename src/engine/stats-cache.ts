import type { DataPlane } from '../dataplane/dataplane.ts';
import type { CacheFigures } from '../model/operations.ts';
import type { MapFill, StatsSnapshot } from '../model/status.ts';

/** A reader that comes once in the time of an answer must not meet its own last one when a timer is early. */
const NEARLY = 0.9;

/** Milliseconds of a clock that only goes forward. */
export type Clock = () => number;

export interface CacheOptions {
  /** Oldest answer, milliseconds; 0: every question is asked anew. */
  readonly ttl: () => number;
  readonly clock?: Clock;
}

/**
 * One value that is dear to read. While somebody asks for it again and again it is read again in the background, so that
 * nobody waits; when nobody asks any more it is forgotten.
 */
export class Cached<Value> {
  readonly #name: string;
  readonly #read: () => Value;
  readonly #ttl: () => number;
  readonly #clock: Clock;
  #held: { readonly value: Value; readonly at: number } | undefined;
  #wanted = false;
  #timer: NodeJS.Timeout | undefined;
  #hits = 0;
  #misses = 0;
  #evictions = 0;

  constructor(name: string, read: () => Value, { ttl, clock = () => performance.now() }: CacheOptions) {
    this.#name = name;
    this.#read = read;
    this.#ttl = ttl;
    this.#clock = clock;
  }

  get(): Value {
    this.#wanted = true;
    const held = this.#held;
    if (held !== undefined && this.#clock() - held.at < this.#ttl()) {
      this.#hits++;
      return held.value;
    }
    this.#misses++;
    const value = this.#refresh();
    this.#arm();
    return value;
  }

  /** For whoever reads from time to time anyway: as old as an answer may nearly be, and it starts no timer. */
  sample(): Value {
    const held = this.#held;
    if (held !== undefined && this.#clock() - held.at < this.#ttl() * NEARLY) return held.value;
    return this.#refresh();
  }

  /** The next answer is read anew. */
  invalidate(): void {
    if (this.#held === undefined) return;
    this.#held = undefined;
    this.#evictions++;
  }

  figures(): CacheFigures {
    const asked = this.#hits + this.#misses;
    return {
      name: this.#name,
      hits: this.#hits,
      misses: this.#misses,
      evictions: this.#evictions,
      size: this.#held === undefined ? 0 : 1,
      hitRate: asked === 0 ? 0 : this.#hits / asked,
    };
  }

  resetFigures(): void {
    this.#hits = 0;
    this.#misses = 0;
    this.#evictions = 0;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#held = undefined;
  }

  #refresh(): Value {
    const at = this.#clock();
    const value = this.#read();
    this.#held = { value, at };
    return value;
  }

  #arm(): void {
    const ttl = this.#ttl();
    if (ttl <= 0 || this.#timer !== undefined) return;
    this.#wanted = false;
    this.#timer = setTimeout(() => this.#tick(), ttl);
    this.#timer.unref();
  }

  #tick(): void {
    this.#timer = undefined;
    if (!this.#wanted) {
      this.invalidate();
      return;
    }
    try {
      this.#refresh();
      this.#arm();
    } catch {
      // Whoever asks next meets the failure.
      this.invalidate();
    }
  }
}

/** Stands between everybody who wants to know counters and fill levels, and the kernel. */
export class StatsCache {
  readonly #stats: Cached<StatsSnapshot>;
  readonly #fill: Cached<readonly MapFill[]>;
  readonly #dynamic: Cached<number>;

  constructor(dataplane: Pick<DataPlane, 'readStats' | 'fill' | 'listDynamic'>, options: CacheOptions) {
    this.#stats = new Cached('stats', () => dataplane.readStats(), options);
    this.#fill = new Cached('fill', () => dataplane.fill(), options);
    this.#dynamic = new Cached('dynamic', () => dataplane.listDynamic().length, options);
  }

  stats(): StatsSnapshot {
    return this.#stats.get();
  }

  /** For the sampler of traffic. */
  sampleStats(): StatsSnapshot {
    return this.#stats.sample();
  }

  fill(): readonly MapFill[] {
    return this.#fill.get();
  }

  /** How many dynamic blocks there are that have not ended. */
  dynamic(): number {
    return this.#dynamic.get();
  }

  /** Counters begin anew. */
  forgetStats(): void {
    this.#stats.invalidate();
  }

  /** Entries came or went. */
  forgetFill(): void {
    this.#fill.invalidate();
    this.#dynamic.invalidate();
  }

  figures(): CacheFigures[] {
    return this.#all.map((cached) => cached.figures());
  }

  resetFigures(): void {
    for (const cached of this.#all) cached.resetFigures();
  }

  close(): void {
    for (const cached of this.#all) cached.close();
  }

  get #all(): readonly Cached<unknown>[] {
    return [this.#stats, this.#fill, this.#dynamic];
  }
}
