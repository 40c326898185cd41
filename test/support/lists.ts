import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatAddress4 } from '../../src/model/prefixes.ts';

const FEED = join(fileURLToPath(new URL('../../..', import.meta.url)), 'shared/data/feeds/ipsum-level1.txt');
const FEED_SIZE = 120_430;

/** Numbers that look random and are the same in every run (mulberry32). */
export function randomSource(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Different IPv4 addresses in 11.0.0.0 .. 126.255.255.255 that are not in `except`. */
export function randomAddresses4(count: number, seed: number, except: ReadonlySet<string> = new Set()): string[] {
  const random = randomSource(seed);
  const found = new Set<string>();
  while (found.size < count) {
    const address = formatAddress4(0x0b000000 + Math.floor(random() * (0x7f000000 - 0x0b000000)));
    if (!except.has(address)) found.add(address);
  }
  return [...found];
}

/** Up to `count` items, spread evenly over the whole list. */
export function sample<T>(items: readonly T[], count: number): T[] {
  const step = Math.max(1, items.length / count);
  return Array.from({ length: Math.min(count, items.length) }, (_, i) => items[Math.floor(i * step)]!);
}

/** A published list of 120,430 bad addresses when it lies beside the checkout, else undefined. */
export function realFeed(): { readonly file: string; readonly size: number } | undefined {
  return existsSync(FEED) ? { file: FEED, size: FEED_SIZE } : undefined;
}

export { FEED_SIZE };
