import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LISTS } from '../model/entries.ts';
import { covers, formatPrefix, type Prefix, parsePrefix, prefix4, prefix6 } from '../model/prefixes.ts';
import { RULE_SORTS, type Rule, type RuleQuery } from '../model/rules.ts';
import { Listing } from './listing.ts';
import { RulesTable } from './table.ts';
import { Transaction } from './transaction.ts';
import { toRule } from './views.ts';

interface Row {
  readonly list: 'allow' | 'deny';
  readonly prefix: Prefix;
  readonly reason: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
}

// Few values in each place, so that prefixes nest, meet and share metadata.
const octet = fc.constantFrom(0, 1, 2, 12, 120, 192, 255);
const address4 = fc
  .tuple(octet, octet, octet, octet)
  .map(([a, b, c, d]) => ((a << 24) | (b << 16) | (c << 8) | d) >>> 0);
const word6 = fc.constantFrom(0, 1, 0x20010db8, 0xffff, 0xffffffff);
const prefix = fc.oneof(
  fc.tuple(address4, fc.constantFrom(0, 8, 16, 24, 31, 32)).map(([address, length]) => prefix4(address, length)),
  fc
    .tuple(fc.tuple(word6, word6, word6, word6), fc.constantFrom(0, 32, 48, 64, 128))
    .map(([words, length]) => parsePrefix(formatPrefix(prefix6(words, length))).prefix),
);
const row: fc.Arbitrary<Row> = fc.record({
  list: fc.constantFrom(...LISTS),
  prefix,
  reason: fc.constantFrom('', 'scan', 'Spam 12', 'abuse'),
  createdAt: fc.constantFrom(1000, 2000),
  expiresAt: fc.constantFrom(null, 5000, 9000),
});
const rows = fc.uniqueArray(row, { maxLength: 40, selector: ({ list, prefix: p }) => `${list} ${formatPrefix(p)}` });

const search = fc.constantFrom(
  ...['', '1', '12', '19', '192.', '192.1', '192.12.', '1.2.120.', '1.2.1.2', '12.0.0.0/8', '0.0.0.0/0', '::/0'],
  ...[
    '2001:db8:',
    '2001:d',
    '2001:db8::',
    '2001:db8::/32',
    '::1',
    '::',
    'ffff:',
    '.12.',
    ':ffff',
    'SPAM',
    'scan',
    'a',
    'zzz',
  ],
);

function metaOf({ reason, createdAt, expiresAt }: Row) {
  return { reason, createdAt, expiresAt, source: 'user' };
}

function tableOf(entries: readonly Row[]): RulesTable {
  const table = new RulesTable();
  const tx = new Transaction(table);
  for (const entry of entries) tx.put(entry.list, entry.prefix, table.metas.intern(metaOf(entry)));
  tx.finish();
  return table;
}

/** What a search finds, said as plainly as possible. */
function matches({ prefix: p, reason }: Row, text: string): boolean {
  const wanted = text.toLowerCase();
  if (reason.toLowerCase().includes(wanted)) return true;
  let asPrefix: Prefix | null = null;
  try {
    asPrefix = parsePrefix(wanted).prefix;
  } catch {
    // Not a whole address.
  }
  const touches = asPrefix !== null && (covers(asPrefix, p) || covers(p, asPrefix));
  const address = formatPrefix({ ...p, length: p.family === 4 ? 32 : 128 });
  if (asPrefix !== null)
    return touches || (wanted.endsWith('::') && expanded(address).startsWith(expandedStart(wanted)));
  if (/^[0-9.]+$/.test(wanted) && /^\d/.test(wanted)) return p.family === 4 && address.startsWith(wanted);
  if (/^[0-9a-f]+:/.test(wanted)) return p.family === 6 && startsGroups(p, wanted);
  return /^[0-9a-f.:/]+$/.test(wanted) && formatPrefix(p).includes(wanted);
}

/** The eight groups of an address without shortening. */
function expanded(address: string): string {
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const middle = tail === undefined ? [] : Array(8 - left.length - right.length).fill('0');
  return [...left, ...middle, ...right].join(':');
}

function expandedStart(text: string): string {
  return text === '::' ? 'never' : text.slice(0, -1);
}

function startsGroups(p: Prefix, text: string): boolean {
  return expanded(formatPrefix({ ...p, length: 128 })).startsWith(text);
}

function compare(a: Row, b: Row, sort: NonNullable<RuleQuery['sort']>): number {
  const key = (entry: Row) =>
    sort === 'created'
      ? entry.createdAt
      : sort === 'expires'
        ? (entry.expiresAt ?? Infinity)
        : sort === 'reason'
          ? entry.reason
          : 0;
  if (key(a) !== key(b)) return key(a) < key(b) ? -1 : 1;
  const p = a.prefix;
  const q = b.prefix;
  if (p.family !== q.family) return p.family - q.family;
  for (let i = 0; i < 4; i++) if (p.words[i] !== q.words[i]) return p.words[i]! - q.words[i]!;
  return p.length - q.length || LISTS.indexOf(a.list) - LISTS.indexOf(b.list);
}

function expected(entries: readonly Row[], query: RuleQuery): { total: number; rules: Rule[] } {
  const { list, search: text = '', sort = 'prefix', descending = false, offset = 0, limit = 100 } = query;
  const found = entries.filter(
    (entry) => (list === undefined || entry.list === list) && (text === '' || matches(entry, text)),
  );
  found.sort((a, b) => compare(a, b, sort) * (descending ? -1 : 1));
  const page = found.slice(offset, offset + limit);
  return { total: found.length, rules: page.map((entry) => toRule(entry.list, entry.prefix, metaOf(entry))) };
}

describe('listing', () => {
  it('gives the pages that plain filtering and sorting would give', () => {
    const query = fc.record(
      {
        list: fc.constantFrom(...LISTS),
        search,
        sort: fc.constantFrom(...RULE_SORTS),
        descending: fc.boolean(),
        offset: fc.nat(30),
        limit: fc.integer({ min: 1, max: 12 }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(rows, fc.array(query, { minLength: 1, maxLength: 5 }), (entries, queries) => {
        const listing = new Listing(tableOf(entries));
        for (const asked of queries)
          expect(listing.page(asked as RuleQuery)).toMatchObject(expected(entries, asked as RuleQuery));
      }),
      { numRuns: 1500 },
    );
  });

  it('sorts many as it sorts few', () => {
    let state = 1;
    const random = () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state;
    };
    const entries = Array.from({ length: 10_000 }, (_, i): Row => {
      const words = [random() % 3, random(), 0, random()] as const;
      return {
        list: 'deny',
        prefix: i % 2 === 0 ? prefix4(random(), 32 - (i % 5)) : prefix6(words, 128 - (i % 7)),
        reason: '',
        createdAt: 1000 * (i % 3),
        expiresAt: null,
      };
    });
    const listing = new Listing(tableOf(entries));
    for (const sort of RULE_SORTS) {
      const page = listing.page({ sort, limit: 10_000 });
      const wanted = [...entries].sort((a, b) => compare(a, b, sort)).map(({ prefix: p }) => formatPrefix(p));
      expect(page.rules.map((rule) => rule.prefix).join() === wanted.join()).toBe(true);
    }
  });

  it('sees changes at once', () => {
    const table = tableOf([]);
    const listing = new Listing(table);
    const id = table.metas.intern({ reason: '', createdAt: 0, expiresAt: null, source: 'user' });
    for (const text of ['192.0.2.2', '192.0.2.1', '192.0.2.3']) {
      const tx = new Transaction(table);
      tx.put('deny', parsePrefix(text).prefix, id);
      tx.finish();
      expect(listing.page().rules.map((rule) => rule.prefix)).toContain(text);
    }
    const tx = new Transaction(table);
    tx.remove('deny', parsePrefix('192.0.2.2').prefix);
    tx.finish();
    expect(listing.page().rules.map((rule) => rule.prefix)).toEqual(['192.0.2.1', '192.0.2.3']);
  });

  it.each([
    [{ limit: 0 }, 'limit is 0: it must be a whole number from 1 to 10000'],
    [{ limit: 10_001 }, 'limit is 10001: it must be a whole number from 1 to 10000'],
    [{ offset: -1 }, 'offset is -1: it must be a whole number of at least 0'],
    [{ offset: 1.5 }, 'offset is 1.5: it must be a whole number of at least 0'],
    [{ sort: 'age' as 'reason' }, '"age" is not a sort order'],
    [{ list: 'x' as 'deny' }, '"x" is not a list'],
  ])('refuses %j', (query, message) => {
    expect(() => new Listing(tableOf([])).page(query)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', message }),
    );
  });
});
