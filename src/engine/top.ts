import type { VerdictRecord } from '../dataplane/dataplane.ts';
import type { EventTop, TopEntry } from '../model/events.ts';
import { formatPrefix, type Prefix } from '../model/prefixes.ts';
import { reasonLabel } from '../model/reasons.ts';

const SLICE_MS = 10_000;
const SLICES = 6;
/** Keys that one slice counts at most, and how many of the most frequent survive when there are more. */
const MOST_KEYS = 4096;
const KEPT_KEYS = 1024;
const SHOWN = 10;
const TCP = 6;
const UDP = 17;

interface Seen<Value> {
  readonly value: Value;
  packets: number;
}

/**
 * Counts by key in bounded memory: from time to time only the most frequent keys are kept. A flood from sources that never
 * come twice pushes nobody out who comes often; a count may be too low by what was let go before, never too high.
 */
export class Frequent<Value> {
  #seen = new Map<string | number, Seen<Value>>();

  add(key: string | number, value: Value): void {
    const seen = this.#seen.get(key);
    if (seen !== undefined) {
      seen.packets++;
      return;
    }
    if (this.#seen.size >= MOST_KEYS) this.#prune();
    this.#seen.set(key, { value, packets: 1 });
  }

  entries(): IterableIterator<[string | number, Seen<Value>]> {
    return this.#seen.entries();
  }

  get size(): number {
    return this.#seen.size;
  }

  #prune(): void {
    const kept = [...this.#seen].sort(([, a], [, b]) => b.packets - a.packets).slice(0, KEPT_KEYS);
    this.#seen = new Map(kept);
  }
}

interface Slice {
  readonly from: number;
  readonly sources: Frequent<Prefix>;
  readonly ports: Frequent<string>;
  readonly reasons: Frequent<string>;
}

/** Sources, ports and reasons of the drops of the last minute. */
export class DropTop {
  readonly #started: number;
  readonly #slices: Slice[] = [];

  /** @param now Unix milliseconds */
  constructor(now: number) {
    this.#started = now;
  }

  add({ at, verdict, reason, family, source, protocol, destinationPort }: VerdictRecord): void {
    if (verdict !== 'drop') return;
    const slice = this.#slice(at);
    slice.reasons.add(reason, reasonLabel(reason));
    if (family === 0) return;
    slice.sources.add(family === 4 ? source.words[3] : source.words.join(':'), source);
    if (protocol !== TCP && protocol !== UDP) return;
    slice.ports.add(destinationPort * 256 + protocol, `${destinationPort}/${protocol === TCP ? 'tcp' : 'udp'}`);
  }

  read(now: number): EventTop {
    const since = now - SLICE_MS * SLICES;
    const slices = this.#slices.filter(({ from }) => from > since);
    const seconds = Math.min(SLICE_MS * SLICES, Math.max(0, now - this.#started)) / 1000;
    return {
      window: Math.round(seconds),
      sources: most(
        slices.map(({ sources }) => sources),
        formatPrefix,
      ),
      ports: most(
        slices.map(({ ports }) => ports),
        (port) => port,
      ),
      reasons: most(
        slices.map(({ reasons }) => reasons),
        (reason) => reason,
      ),
    };
  }

  #slice(at: number): Slice {
    const last = this.#slices.at(-1);
    if (last !== undefined && at < last.from + SLICE_MS) return last;
    const slice = {
      from: at,
      sources: new Frequent<Prefix>(),
      ports: new Frequent<string>(),
      reasons: new Frequent<string>(),
    };
    this.#slices.push(slice);
    if (this.#slices.length > SLICES) this.#slices.shift();
    return slice;
  }
}

function most<Value>(parts: readonly Frequent<Value>[], text: (value: Value) => string): TopEntry[] {
  const sums = new Map<string | number, Seen<Value>>();
  for (const part of parts) {
    for (const [key, { value, packets }] of part.entries()) {
      const sum = sums.get(key);
      if (sum === undefined) sums.set(key, { value, packets });
      else sum.packets += packets;
    }
  }
  return [...sums.values()]
    .sort((a, b) => b.packets - a.packets)
    .slice(0, SHOWN)
    .map(({ value, packets }) => ({ key: text(value), packets }));
}
