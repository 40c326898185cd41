import { afterAll, describe, expect, it } from 'vitest';
import { type BpfError, BpfMap, BpfObject, MAP_FLAG, MAP_TYPE, possibleCpus, UPDATE } from '../../src/ebpf/index.ts';
import { compileFixtures } from './fixtures.ts';
import { failOnLeaks } from './leaks.ts';

const fixtures = compileFixtures('basic');
afterAll(() => fixtures[Symbol.dispose]());
failOnLeaks();

const u32 = (...values: number[]): Uint8Array => new Uint8Array(Uint32Array.from(values).buffer);
const u64 = (...values: number[]): Uint8Array => new Uint8Array(BigUint64Array.from(values.map(BigInt)).buffer);
const hash = (maxEntries: number, type: number = MAP_TYPE.HASH) =>
  BpfMap.create({ name: 'h', type, keySize: 4, valueSize: 8, maxEntries });
const code = (action: () => unknown): string | undefined => {
  try {
    action();
  } catch (error) {
    return (error as BpfError).code;
  }
  return undefined;
};

describe('single entries', () => {
  it('are looked up, updated by flag, walked and deleted', () => {
    using map = hash(10);
    expect(map.lookup(u32(1))).toBeUndefined();
    map.update(u32(1), u64(11));
    map.update(u32(2), u64(22), UPDATE.NOEXIST);
    expect(code(() => map.update(u32(2), u64(23), UPDATE.NOEXIST))).toBe('EXISTS');
    expect(code(() => map.update(u32(3), u64(33), UPDATE.EXIST))).toBe('NOT_FOUND');
    expect(map.lookup(u32(2))).toEqual(u64(22));
    expect([...map.keys()].map((key) => key[0]).sort()).toEqual([1, 2]);
    expect(map.delete(u32(1))).toBe(true);
    expect(map.delete(u32(1))).toBe(false);
    expect(map.nextKey()).toEqual(u32(2));
    expect(map.nextKey(u32(2))).toBeUndefined();
  });

  it('of a wrong length never reach the kernel', () => {
    using map = hash(10);
    expect(code(() => map.lookup(new Uint8Array(3)))).toBe('INVALID_INPUT');
    expect(code(() => map.update(u32(1), new Uint8Array(7)))).toBe('INVALID_INPUT');
    expect(code(() => map.updateBatch(u32(1, 2), u64(1), 2))).toBe('INVALID_INPUT');
    expect(code(() => map.nextKey(new Uint8Array(8)))).toBe('INVALID_INPUT');
    expect(code(() => map.deleteBatch(u32(1), 2))).toBe('INVALID_INPUT');
  });

  it('beyond the capacity are refused with MAP_FULL, also by an LPM trie', () => {
    using map = hash(1);
    map.update(u32(1), u64(1));
    expect(code(() => map.update(u32(2), u64(2)))).toBe('MAP_FULL');
    using trie = lpm(1);
    trie.update(u32(32, 1), u64(1));
    expect(code(() => trie.update(u32(32, 2), u64(2)))).toBe('MAP_FULL');
  });
});

const lpm = (maxEntries: number) =>
  BpfMap.create({ type: MAP_TYPE.LPM_TRIE, keySize: 8, valueSize: 8, maxEntries, flags: MAP_FLAG.NO_PREALLOC });

describe('batches', () => {
  it('write, read and delete a million entries of a hash', () => {
    const count = 1_000_000;
    using map = hash(count);
    const keys = Uint32Array.from({ length: count }, (_, i) => Math.imul(i, 0x9e37_79b1));
    const values = BigUint64Array.from(keys, (key) => BigInt(key) * 3n);
    map.updateBatch(new Uint8Array(keys.buffer), new Uint8Array(values.buffer), count);
    const all = map.readAll();
    expect(all.count).toBe(count);
    const readKeys = new Uint32Array(all.keys.slice().buffer);
    const readValues = new BigUint64Array(all.values.slice().buffer);
    expect(new Set(readKeys).size).toBe(count);
    expect(readValues.every((value, i) => value === BigInt(readKeys[i]!) * 3n)).toBe(true);
    expect(map.memory()).toBeGreaterThan(count * 12);
    expect(map.deleteBatch(new Uint8Array(keys.buffer), count)).toBe(count);
    expect(map.readAll().count).toBe(0);
  });

  it.each([
    ['hash', () => hash(5000)],
    ['LRU hash', () => hash(100_000, MAP_TYPE.LRU_HASH)],
    ['LPM trie', () => lpm(5000)],
  ])('do the same to a %s as single calls would, and skip missing keys', (_, create) => {
    using map = create();
    const count = 3000;
    const words = map.info.keySize / 4;
    const keys = Uint32Array.from({ length: count * words }, (_, i) => (words === 2 && i % 2 === 0 ? 32 : i + 1));
    const bytes = new Uint8Array(keys.buffer);
    map.updateBatch(bytes, new Uint8Array(BigUint64Array.from({ length: count }, (_, i) => BigInt(i)).buffer), count);
    const key = (i: number) => bytes.slice(i * map.info.keySize, (i + 1) * map.info.keySize);
    expect(map.lookup(key(2999))).toEqual(u64(2999));
    expect(map.readAll().count).toBe(count);
    for (const i of [0, 5, 6, 2999]) expect(map.delete(key(i))).toBe(true);
    expect(map.deleteBatch(bytes, count)).toBe(count - 4);
    expect(map.readAll().count).toBe(0);
  });

  it('read in pieces see every entry once, whatever the size of the map', () => {
    for (const count of [0, 1, 16_384, 16_385, 50_000]) {
      using map = hash(50_000);
      const keys = Uint32Array.from({ length: count }, (_, i) => i * 5);
      map.updateBatch(new Uint8Array(keys.buffer), new Uint8Array(count * 8), count);
      const seen = new Set<number>();
      let total = 0;
      for (const chunk of map.readChunks()) {
        for (const key of new Uint32Array(chunk.keys.slice().buffer)) seen.add(key);
        total += chunk.count;
        expect(chunk.values.length).toBe(chunk.count * 8);
      }
      expect([total, seen.size]).toEqual([count, count]);
    }
  });

  it('tell how far they came when the map is full', () => {
    using map = hash(10);
    const keys = u32(...Array.from({ length: 20 }, (_, i) => i));
    const error = (() => {
      try {
        map.updateBatch(keys, new Uint8Array(160), 20);
      } catch (thrown) {
        return thrown as BpfError;
      }
      return undefined;
    })();
    expect(error?.code).toBe('MAP_FULL');
    expect(error?.messages).toEqual(['10 of 20 entries were written']);
    expect(map.readAll().count).toBe(10);
  });

  it('fall back to single calls where a map type has none', () => {
    using object = BpfObject.open(fixtures.object('basic'));
    object.load();
    using programs = BpfMap.create({ type: MAP_TYPE.PROG_ARRAY, keySize: 4, valueSize: 4, maxEntries: 4 });
    using first = object.program('drop_all').open();
    using second = object.program('report').open();
    programs.updateBatch(u32(1, 3), u32(first.fd, second.fd), 2);
    const { count, keys, values } = programs.readAll();
    expect([count, keys, values]).toEqual([2, u32(1, 3), u32(first.info.id, second.info.id)]);
    expect(programs.deleteBatch(u32(0, 1, 3), 3)).toBe(2);
    expect(programs.readAll().count).toBe(0);
  });
});

describe('per-CPU maps', () => {
  it('give one value per possible CPU, in each way of reading', () => {
    using map = BpfMap.create({ type: MAP_TYPE.PERCPU_HASH, keySize: 4, valueSize: 4, maxEntries: 4 });
    const cpus = possibleCpus();
    expect(cpus).toBeGreaterThan(0);
    expect(map.lookupSize).toBe(8 * cpus);
    const value = u64(...Array.from({ length: cpus }, (_, cpu) => 100 + cpu));
    map.update(u32(9), value);
    expect(map.lookupPerCpu(u32(9))).toEqual(Array.from({ length: cpus }, (_, cpu) => u32(100 + cpu)));
    expect(map.lookupPerCpu(u32(8))).toBeUndefined();
    expect(map.readAll()).toEqual({ count: 1, keys: u32(9), values: value });
  });
});
