import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BpfError, type MapContents, type MapInfo } from '../ebpf/index.ts';
import type { EntryGroup, EntryMeta, ListName } from '../model/entries.ts';
import { LISTS } from '../model/entries.ts';
import { PrefixList } from '../model/prefix-list.ts';
import { covers, formatPrefix, type Prefix, parsePrefix, prefixBytes } from '../model/prefixes.ts';
import { BLOCK, blockAt } from './block-states.ts';
import { Clock } from './clock.ts';
import type { ListChange } from './dataplane.ts';
import { index6Nibble32, index6Nibble48 } from './hash.ts';
import { HostTables } from './host-tables.ts';
import { HostsTable4 } from './hosts-table4.ts';
import { HostsTable6 } from './hosts-table6.ts';
import { StaticLists } from './lists.ts';
import { INDEX_BIT, nibbleAt } from './nibbles.ts';
import { type EntryMap, PrefixTrie, trieEntries } from './prefix-trie.ts';
import { emptyIndexMemory, SourceIndex } from './source-index.ts';

const NOW = 1_700_000_000_000;
const clock = new Clock(250, { jiffies: 2 ** 32, ktime: 0 }, { wall: () => NOW, monotonic: () => 0 });
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** A trie map that tells when it has changed, and can be made to fail. */
class FakeMap implements EntryMap {
  readonly entries = new Map<string, Uint8Array>();
  readonly info: MapInfo;
  /** Updates that succeed before one of them fails. */
  budget = Number.POSITIVE_INFINITY;
  readonly #changed: () => void;

  constructor(capacity: number, changed: () => void) {
    const maxEntries = trieEntries(capacity);
    this.info = { type: 11, id: 1, keySize: 20, valueSize: 88, maxEntries, flags: 1, name: 'fake' };
    this.#changed = changed;
  }

  lookup(key: Uint8Array): Uint8Array | undefined {
    return this.entries.get(hex(key));
  }

  update(key: Uint8Array, value: Uint8Array): void {
    if (this.budget-- <= 0) {
      this.budget = Number.POSITIVE_INFINITY;
      throw new BpfError('update', 12);
    }
    this.entries.set(hex(key), value.slice());
    this.#changed();
  }

  updateBatch(keys: Uint8Array, values: Uint8Array, count: number): void {
    for (let i = 0; i < count; i++) this.update(keys.slice(i * 20, i * 20 + 20), values.slice(i * 88, i * 88 + 88));
  }

  deleteBatch(keys: Uint8Array, count: number): number {
    let deleted = 0;
    for (let i = 0; i < count; i++) {
      if (this.entries.delete(hex(keys.slice(i * 20, i * 20 + 20)))) deleted++;
      this.#changed();
    }
    return deleted;
  }

  readAll(): MapContents {
    const keys = Buffer.concat([...this.entries.keys()].map((key) => Buffer.from(key, 'hex')));
    return { count: this.entries.size, keys, values: Buffer.concat([...this.entries.values()]) };
  }

  /** As the kernel program asks: IPv6 prefixes that happen to cover ::ffff:0:0/96 do not count for IPv4. */
  match(source: Prefix): boolean {
    return [...this.entries.keys()].some((entry) => {
      const key = Buffer.from(entry, 'hex');
      const length = key.readUInt32LE(0);
      if (source.family === 4 && length < 96) return false;
      const bytes = prefixBytes(source);
      const bits = (of: Uint8Array) => [...of].map((byte) => byte.toString(2).padStart(8, '0')).join('');
      return bits(bytes).slice(0, length) === bits(key.subarray(4)).slice(0, length);
    });
  }
}

interface Sizes {
  readonly lockList?: number;
  readonly buckets?: number;
}

/** NX_BLOCK_BITS */
const BITS = {
  [BLOCK.CLEAR]: 0,
  [BLOCK.HOSTS]: INDEX_BIT.HOST,
  [BLOCK.DENIED]: INDEX_BIT.NETWORK,
  [BLOCK.MIXED]: INDEX_BIT.ALLOW | INDEX_BIT.HOST | INDEX_BIT.OTHER,
} as const;

/** The lists over fake maps, and the kernel program's way of judging by them. */
function setup({ lockList = 1000, buckets = 4 }: Sizes = {}) {
  const seed = 99;
  let onChange = () => {};
  const changed = () => onChange();
  const maps = { whitelist: new FakeMap(1000, changed), lockList: new FakeMap(lockList, changed) };
  const index = new SourceIndex(emptyIndexMemory(), seed);
  const flags = { used: false };
  const four = new HostsTable4(new Uint32Array(buckets * 16), seed, changed);
  const six = new HostsTable6(new Uint32Array(buckets * 16), seed, changed);
  const tables = {
    whitelist: new PrefixTrie('whitelist', maps.whitelist),
    lockList: new PrefixTrie('lock_list', maps.lockList),
    hosts: new HostTables(four, six),
    index,
  };
  const lists: StaticLists = new StaticLists(tables, clock, {
    lockListUsed: (used) => {
      flags.used = used;
      changed();
    },
    rebuildIndex: () => {
      const draft = index.draft();
      lists.contribute(draft);
      index.raise(draft);
      index.lower(draft);
    },
  });
  const bitsOf = ({ family, words }: Prefix): number =>
    family === 4
      ? index.always4 | BITS[blockAt(index.words4, words[3] >>> 8)]
      : index.always6 |
        nibbleAt(index.words6, index6Nibble32(words[0], seed)) |
        nibbleAt(index.words6, index6Nibble48(words[0], words[1], seed));
  const verdict = (source: Prefix): 'allow' | 'deny' | 'none' => {
    const bits = bitsOf(source);
    if (bits & INDEX_BIT.ALLOW && maps.whitelist.match(source)) return 'allow';
    if (bits & INDEX_BIT.NETWORK) return 'deny';
    if (bits & INDEX_BIT.HOST && tables.hosts.present(PrefixList.of(source)).size > 0) return 'deny';
    return bits & INDEX_BIT.OTHER && flags.used && maps.lockList.match(source) ? 'deny' : 'none';
  };
  const watch = (check: () => void) => {
    onChange = check;
  };
  return { lists, tables, maps, verdict, watch, flags };
}

const prefix = (text: string): Prefix => parsePrefix(text).prefix;
const meta = (expiresAt: number | null = null, reason = ''): EntryMeta => ({
  reason,
  createdAt: NOW,
  expiresAt,
  source: 'user',
});
const group = (texts: readonly string[], about = meta()): EntryGroup => ({
  prefixes: PrefixList.of(...texts.map(prefix)),
  meta: about,
});
const change = (list: ListName, put: readonly EntryGroup[], remove: readonly string[] = []): ListChange => ({
  list,
  put,
  remove: PrefixList.of(...remove.map(prefix)),
});

const PREFIXES = ['0.0.0.0/0', '10.0.0.0/8', '10.1.0.0/16', '10.1.2.0/24', '10.1.2.128/25', '10.1.2.200', '10.1.2.7']
  .concat(['10.1.3.0/24', '0.0.0.0', '192.0.2.1', '::/0', '2001:db8::/20', '2001:db8::/32', '2001:db8:1::/48'])
  .concat(['2001:db8:1:2::/64', '2001:db8:1:2::3', '::', '2001:db8::1']);
const SOURCES = ['10.1.2.200', '10.1.2.7', '10.1.3.9', '10.9.9.9', '0.0.0.0', '192.0.2.1', '11.0.0.1', '2001:db8::1']
  .concat(['2001:db8:1:2::3', '2001:db8:1::9', '2001:db9::1', '::', '2a00::1'])
  .map(prefix);

type Model = Record<ListName, Map<string, EntryMeta>>;

function expected(model: Model, source: Prefix): 'allow' | 'deny' | 'none' {
  return LISTS.find((list) => [...model[list].keys()].some((text) => covers(prefix(text), source))) ?? 'none';
}

const step = fc.record({
  list: fc.constantFrom(...LISTS),
  put: fc.uniqueArray(fc.constantFrom(...PREFIXES), { maxLength: 4 }),
  expiring: fc.boolean(),
  remove: fc.uniqueArray(fc.constantFrom(...PREFIXES), { maxLength: 4 }),
});

const applied = (
  model: Model,
  { list, put, remove, expiring }: typeof step extends fc.Arbitrary<infer S> ? S : never,
) => {
  const next: Model = { allow: new Map(model.allow), deny: new Map(model.deny) };
  for (const text of remove) next[list].delete(text);
  for (const text of put) next[list].set(text, meta(expiring ? NOW + 60_000 : null));
  return next;
};

describe('static lists', () => {
  it('judge every source as the entries say, at every moment of a change', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.integer({ min: 1, max: 3 }), (steps, buckets) => {
        const { lists, verdict, watch } = setup({ buckets });
        let model: Model = { allow: new Map(), deny: new Map() };
        for (const one of steps) {
          const next = applied(model, one);
          const steady = SOURCES.filter((source) => expected(model, source) === expected(next, source));
          watch(() => {
            for (const source of steady) expect(verdict(source), formatPrefix(source)).toBe(expected(next, source));
          });
          const { list, put, remove, expiring } = one;
          lists.apply([change(list, [group(put, meta(expiring ? NOW + 60_000 : null))], remove)]);
          model = next;
          for (const source of SOURCES) expect(verdict(source), formatPrefix(source)).toBe(expected(model, source));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('come from any state to any other by reconciling, and then have nothing left to do', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), fc.array(step, { maxLength: 6 }), (before, after) => {
        const { lists, verdict } = setup({ buckets: 1 });
        const empty: Model = { allow: new Map(), deny: new Map() };
        for (const { list, put, remove, expiring } of before) {
          lists.apply([change(list, [group(put, meta(expiring ? NOW + 60_000 : null))], remove)]);
        }
        const model = after.reduce(applied, empty);
        const groups = (list: ListName) => [...model[list]].map(([text, about]) => group([text], about));
        lists.reconcile({ allow: groups('allow'), deny: groups('deny') });
        for (const source of SOURCES) expect(verdict(source), formatPrefix(source)).toBe(expected(model, source));
        expect(lists.reconcile({ allow: groups('allow'), deny: groups('deny') })).toEqual({ added: 0, removed: 0 });
      }),
      { numRuns: 60 },
    );
  });

  it('keep permanent hosts in lock_hosts and everything else in lock_list', () => {
    const { lists, tables, flags } = setup();
    lists.apply([change('deny', [group(['192.0.2.1', '2001:db8::1', '10.0.0.0/8'])])]);
    expect([tables.hosts.count, tables.lockList.size, flags.used]).toEqual([2, 1, true]);
    lists.apply([change('deny', [group(['192.0.2.1'], meta(NOW + 1000))])]);
    expect([tables.hosts.count, tables.lockList.size, flags.used]).toEqual([1, 2, true]);
    lists.apply([change('deny', [group(['192.0.2.1'])])]);
    expect([tables.hosts.count, tables.lockList.size, flags.used]).toEqual([2, 1, true]);
  });

  it('fall back to lock_list when lock_hosts is full, and say so when that is full too', () => {
    const hosts = Array.from({ length: 40 }, (_, i) => `192.0.2.${i + 1}`);
    const roomy = setup({ buckets: 1 });
    roomy.lists.apply([change('deny', [group(hosts)])]);
    expect(hosts.map((host) => roomy.verdict(prefix(host)))).toEqual(hosts.map(() => 'deny'));
    expect([roomy.tables.hosts.count, roomy.tables.lockList.size]).toEqual([16, 24]);

    const tight = setup({ buckets: 1, lockList: 10 });
    tight.lists.apply([change('deny', [group(['198.51.100.0/24'])])]);
    expect(() => tight.lists.apply([change('deny', [group(hosts)])])).toThrowError(
      expect.objectContaining({ code: 'MAP_FULL', details: { map: 'lock_hosts', capacity: 20, refused: 15 } }),
    );
    expect([tight.tables.hosts.count, tight.tables.lockList.size]).toEqual([0, 1]);
    expect(tight.verdict(prefix('192.0.2.1'))).toBe('none');
  });

  it('name the map, its capacity and how much was refused when it is full', () => {
    const { lists, tables } = setup({ lockList: 2 });
    lists.apply([change('deny', [group(['10.0.0.0/8'])])]);
    const full = expect.objectContaining({
      code: 'MAP_FULL',
      details: { map: 'lock_list', capacity: 2, refused: 1 },
    });
    expect(() => lists.apply([change('deny', [group(['11.0.0.0/8', '12.0.0.0/8'])])])).toThrowError(full);
    expect(tables.lockList.size).toBe(1);
    lists.apply([change('deny', [group(['11.0.0.0/8', '12.0.0.0/8'])], ['10.0.0.0/8'])]);
    expect(tables.lockList.size).toBe(2);
  });

  it('are as they were when the kernel refuses in the middle', () => {
    const { lists, maps, tables, verdict, flags } = setup();
    lists.apply([change('allow', [group(['10.1.0.0/16'])]), change('deny', [group(['10.0.0.0/8'], meta(null, 'a'))])]);
    const before = [...maps.lockList.entries].map(([key, value]) => [key, hex(value)]);
    maps.lockList.budget = 2;
    const put = [
      group(['10.0.0.0/8'], meta(null, 'b')),
      group(['192.0.2.1', '11.0.0.0/8', '12.0.0.0/8', '13.0.0.0/9']),
    ];
    expect(() => lists.apply([change('allow', [group(['172.16.0.0/12'])]), change('deny', put)])).toThrowError();
    expect([...maps.lockList.entries].map(([key, value]) => [key, hex(value)])).toEqual(before);
    expect([tables.hosts.count, tables.whitelist.size, tables.lockList.size, flags.used]).toEqual([0, 1, 1, true]);
    expect(['10.9.9.9', '10.1.1.1', '11.0.0.1', '172.16.0.1'].map((s) => verdict(prefix(s)))).toEqual([
      'deny',
      'allow',
      'none',
      'none',
    ]);
  });

  it('write only what differs when reconciling', () => {
    const { lists, maps } = setup();
    const desired = (reason: string) => ({
      allow: [],
      deny: [group(['10.0.0.0/8']), group(['11.0.0.0/8'], meta(null, reason))],
    });
    expect(lists.reconcile(desired('a'))).toEqual({ added: 2, removed: 0 });
    maps.lockList.budget = 1;
    expect(lists.reconcile(desired('b'))).toEqual({ added: 1, removed: 0 });
    expect(lists.reconcile({ allow: [], deny: [group(['11.0.0.0/8'], meta(null, 'b'))] })).toEqual({
      added: 0,
      removed: 1,
    });
  });
});
