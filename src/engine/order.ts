import type { MetaTable } from '../model/meta-table.ts';
import type { PrefixTable } from '../model/prefix-table.ts';
import type { RuleSort } from '../model/rules.ts';

/** Below this many rows a comparison sort beats counting into 65,536 buckets. */
const SMALL = 4096;

/** The rows of a table in ascending order of their prefix: address first, shorter prefix before longer. */
export function orderByPrefix(rows: PrefixTable): Uint32Array {
  const order = new Uint32Array(rows.size);
  for (let i = 0; i < order.length; i++) order[i] = i;
  if (order.length < SMALL) return order.sort((a, b) => comparePrefix(rows, a, rows, b));
  let from = order;
  let to = new Uint32Array(order.length);
  const digits: ((row: number) => number)[] = [(row) => rows.lengths[row]!];
  for (let word = rows.stride - 1; word >= 0; word--) {
    digits.push((row) => rows.words[row * rows.stride + word]! & 0xffff);
    digits.push((row) => rows.words[row * rows.stride + word]! >>> 16);
  }
  for (const digit of digits) if (countingPass(from, to, digit)) [from, to] = [to, from];
  return from;
}

/** One stable pass; false when all rows have the same digit and nothing was written. */
function countingPass(from: Uint32Array, to: Uint32Array, digit: (row: number) => number): boolean {
  const starts = new Uint32Array(65537);
  for (let i = 0; i < from.length; i++) starts[digit(from[i]!) + 1]!++;
  if (starts[digit(from[0]!) + 1] === from.length) return false;
  for (let i = 1; i < starts.length; i++) starts[i]! += starts[i - 1]!;
  for (let i = 0; i < from.length; i++) {
    const row = from[i]!;
    to[starts[digit(row)]!++] = row;
  }
  return true;
}

export function comparePrefix(a: PrefixTable, rowA: number, b: PrefixTable, rowB: number): number {
  if (a.family !== b.family) return a.family - b.family;
  const { stride } = a;
  for (let word = 0; word < stride; word++) {
    const difference = a.words[rowA * stride + word]! - b.words[rowB * stride + word]!;
    if (difference !== 0) return difference;
  }
  return a.lengths[rowA]! - b.lengths[rowB]!;
}

/** Rank of each meta under a sort; equal metas share a rank. Entries that never expire come after those that do. */
export function rankMetas(metas: MetaTable, sort: Exclude<RuleSort, 'prefix'>): Uint32Array {
  const keyed = [...metas.entries()].map(([id, meta]) => {
    const key =
      sort === 'reason'
        ? meta.reason
        : sort === 'created'
          ? meta.createdAt
          : (meta.expiresAt ?? Number.POSITIVE_INFINITY);
    return { id, key };
  });
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const ranks = new Uint32Array(metas.end);
  let rank = 0;
  for (const [i, { id, key }] of keyed.entries()) {
    if (i > 0 && key !== keyed[i - 1]!.key) rank++;
    ranks[id] = rank;
  }
  return ranks;
}

/** Reorders rows by the rank of their meta and keeps their order within a rank. */
export function orderByRank(rows: PrefixTable, byPrefix: Uint32Array, ranks: Uint32Array): Uint32Array {
  let last = 0;
  for (const rank of ranks) if (rank > last) last = rank;
  const starts = new Uint32Array(last + 2);
  for (let i = 0; i < byPrefix.length; i++) starts[ranks[rows.values[byPrefix[i]!]!]! + 1]!++;
  for (let i = 1; i < starts.length; i++) starts[i]! += starts[i - 1]!;
  const order = new Uint32Array(byPrefix.length);
  for (let i = 0; i < byPrefix.length; i++) {
    const row = byPrefix[i]!;
    order[starts[ranks[rows.values[row]!]!]!++] = row;
  }
  return order;
}
