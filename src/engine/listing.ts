import { LISTS, type ListName } from '../model/entries.ts';
import { NetxfwError } from '../model/errors.ts';
import type { PrefixTable } from '../model/prefix-table.ts';
import { RULE_SORTS, type Rule, type RulePage, type RuleQuery, type RuleSort } from '../model/rules.ts';
import { checkList } from './input.ts';
import { comparePrefix, orderByPrefix, orderByRank, rankMetas } from './order.ts';
import { type RowFilter, Search } from './search.ts';
import type { RulesTable } from './table.ts';
import { toRule } from './views.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 10_000;

interface Cached {
  readonly version: number;
  readonly order: Uint32Array;
}

/** Rows of one table in the order asked for, filtered. */
interface Run {
  readonly list: ListName;
  readonly rows: PrefixTable;
  readonly order: Uint32Array;
}

/** Answers list queries. Orders are kept until their table changes: 4 bytes per entry and sort in use. */
export class Listing {
  readonly #table: RulesTable;
  readonly #byPrefix = new Map<PrefixTable, Cached>();
  /** For one sort at a time. */
  #byRank = new Map<PrefixTable, Cached>();
  #rankedBy: RuleSort = 'prefix';

  constructor(table: RulesTable) {
    this.#table = table;
  }

  page(query: RuleQuery = {}): RulePage {
    const offset = whole('offset', query.offset ?? 0, 0, Number.MAX_SAFE_INTEGER);
    const limit = whole('limit', query.limit ?? DEFAULT_LIMIT, 1, MAX_LIMIT);
    const sort = query.sort ?? 'prefix';
    if (!RULE_SORTS.includes(sort)) {
      throw new NetxfwError('INVALID_INPUT', `"${sort}" is not a sort order`, {
        hint: `Use ${RULE_SORTS.join(', ')}.`,
      });
    }
    const lists = query.list === undefined ? LISTS : [checkList(query.list)];
    const ranks = sort === 'prefix' ? null : rankMetas(this.#table.metas, sort);
    const runs = this.#runs(lists, sort, ranks, query.search ?? '');
    const total = runs.reduce((sum, run) => sum + run.order.length, 0);
    const rules = merge(runs, ranks, total, offset, limit, query.descending === true);
    return { rules: rules.map(({ list, rows, row }) => this.#rule(list, rows, row)), total, offset, limit };
  }

  #rule(list: ListName, rows: PrefixTable, row: number): Rule {
    return toRule(list, rows.at(row), this.#table.metas.get(rows.values[row]!));
  }

  #runs(lists: readonly ListName[], sort: RuleSort, ranks: Uint32Array | null, text: string): Run[] {
    const search = new Search(text, this.#table.metas);
    const runs: Run[] = [];
    for (const { list, rows } of this.#table.parts()) {
      if (rows.size === 0 || !lists.includes(list)) continue;
      const order = this.#order(rows, sort, ranks);
      const filter = search.filter(rows);
      runs.push({ list, rows, order: filter === null ? order : filtered(order, filter) });
    }
    return runs;
  }

  #order(rows: PrefixTable, sort: RuleSort, ranks: Uint32Array | null): Uint32Array {
    const byPrefix = cached(this.#byPrefix, rows, () => orderByPrefix(rows));
    if (ranks === null) return byPrefix;
    if (this.#rankedBy !== sort) {
      this.#byRank = new Map();
      this.#rankedBy = sort;
    }
    return cached(this.#byRank, rows, () => orderByRank(rows, byPrefix, ranks));
  }
}

/**
 * The rows that pass, in the same order. They are asked in the order of memory: asked in another one, nearly every look
 * at a million rows would miss the processor's caches.
 */
function filtered(order: Uint32Array, filter: RowFilter): Uint32Array {
  const passes = new Uint8Array(order.length);
  let count = 0;
  for (let row = 0; row < passes.length; row++) {
    if (!filter(row)) continue;
    passes[row] = 1;
    count++;
  }
  const kept = new Uint32Array(count);
  for (let i = 0, at = 0; at < count; i++) {
    const row = order[i]!;
    if (passes[row] === 1) kept[at++] = row;
  }
  return kept;
}

function cached(cache: Map<PrefixTable, Cached>, rows: PrefixTable, make: () => Uint32Array): Uint32Array {
  const known = cache.get(rows);
  if (known?.version === rows.version) return known.order;
  const order = make();
  cache.set(rows, { version: rows.version, order });
  return order;
}

function whole(name: string, value: number, from: number, to: number): number {
  if (Number.isInteger(value) && value >= from && value <= to) return value;
  const bounds = to === Number.MAX_SAFE_INTEGER ? `of at least ${from}` : `from ${from} to ${to}`;
  throw new NetxfwError('INVALID_INPUT', `${name} is ${value}: it must be a whole number ${bounds}`);
}

interface Place {
  readonly list: ListName;
  readonly rows: PrefixTable;
  readonly row: number;
}

/** Walks the runs as one sorted sequence and takes the page out of it. */
function merge(
  runs: readonly Run[],
  ranks: Uint32Array | null,
  total: number,
  offset: number,
  limit: number,
  descending: boolean,
): Place[] {
  const from = descending ? Math.max(0, total - offset - limit) : Math.min(offset, total);
  const to = descending ? Math.max(0, total - offset) : Math.min(total, offset + limit);
  const places: Place[] = [];
  if (runs.length === 1) {
    const { list, rows, order } = runs[0]!;
    for (let i = from; i < to; i++) places.push({ list, rows, row: order[i]! });
    return descending ? places.reverse() : places;
  }
  const next = new Array<number>(runs.length).fill(0);
  for (let i = 0; i < to; i++) {
    let best = -1;
    for (let r = 0; r < runs.length; r++) {
      if (next[r]! >= runs[r]!.order.length) continue;
      if (best < 0 || before(runs[r]!, next[r]!, runs[best]!, next[best]!, ranks)) best = r;
    }
    const run = runs[best]!;
    if (i >= from) places.push({ list: run.list, rows: run.rows, row: run.order[next[best]!]! });
    next[best]!++;
  }
  return descending ? places.reverse() : places;
}

function before(a: Run, atA: number, b: Run, atB: number, ranks: Uint32Array | null): boolean {
  const rowA = a.order[atA]!;
  const rowB = b.order[atB]!;
  if (ranks !== null) {
    const difference = ranks[a.rows.values[rowA]!]! - ranks[b.rows.values[rowB]!]!;
    if (difference !== 0) return difference < 0;
  }
  return comparePrefix(a.rows, rowA, b.rows, rowB) < 0;
}
