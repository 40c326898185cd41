import { afterEach, describe, expect, it } from 'vitest';
import { BpfMap } from '../../src/ebpf/index.ts';
import { failOnLeaks } from '../ebpf/leaks.ts';
import { CAPACITY, from, groupOf, NOTHING, Planes } from './planes.ts';

failOnLeaks();

let planes = new Planes();
afterEach(() => {
  planes.dispose();
  planes = new Planes();
});

const deny = (...texts: string[]) => [{ list: 'deny' as const, put: [groupOf(texts)], remove: NOTHING }];
const desired = (...texts: string[]) => ({ allow: [], deny: [groupOf(texts)] });

describe('adopting pinned maps', () => {
  it('goes on with what they hold', () => {
    const path = planes.path();
    const first = planes.load(path);
    first.applyLists(deny('192.0.2.1', '10.0.0.0/8', '2001:db8::1'));
    first.run(from('192.0.2.1'));
    first.close();

    const second = planes.load(path);
    expect([first.adopted, second.adopted]).toEqual([false, true]);
    expect(second.readStats().reasons).toMatchObject({ DROP_DENIED_HOST: { packets: 1 } });
    expect(['192.0.2.1', '10.1.1.1', '2001:db8::1'].map((s) => second.run(from(s)).verdict)).toEqual([
      'drop',
      'drop',
      'drop',
    ]);
    expect(second.reconcileLists(desired('192.0.2.1', '10.0.0.0/8', '2001:db8::1'))).toEqual({ added: 0, removed: 0 });
    expect(second.reconcileLists(desired('10.1.0.0/16', '192.0.2.2'))).toEqual({ added: 2, removed: 3 });
    expect(['192.0.2.1', '192.0.2.2', '10.1.1.1', '10.2.1.1'].map((s) => second.run(from(s)).verdict)).toEqual([
      'pass',
      'drop',
      'drop',
      'pass',
    ]);
  });

  it('mends an index that a dead process left behind', () => {
    const path = planes.path();
    const first = planes.load(path);
    first.applyLists(deny('192.0.2.1', '10.0.0.0/8', '203.0.113.128/25'));
    first.sources.index.words4.fill(0);
    first.sources.index.touch('deny', 4, groupOf(['172.16.0.0/12']).prefixes);
    first.close();
    const second = planes.load(path);
    expect(['192.0.2.1', '10.1.1.1', '203.0.113.129', '172.16.1.1'].map((s) => second.run(from(s)).verdict)).toEqual([
      'drop',
      'drop',
      'drop',
      'pass',
    ]);
  });

  it('needs no program to write lists for the one that runs', () => {
    const path = planes.path();
    expect(planes.open(path)).toBeUndefined();
    const first = planes.load(path);
    const second = planes.open(path)!;
    second.applyLists(deny('192.0.2.1', '10.0.0.0/8'));
    second.close();
    expect(['192.0.2.1', '10.1.1.1'].map((source) => first.run(from(source)).verdict)).toEqual(['drop', 'drop']);
  });

  it('takes what maps of another size hold over into new ones', () => {
    const path = planes.path();
    const first = planes.load(path);
    first.applyLists(deny('192.0.2.1', '10.0.0.0/8'));
    first.run(from('192.0.2.1'));
    first.close();
    const capacity = { ...CAPACITY, lock_list: 500, lock_hosts: 4000 };
    const second = planes.load(path, { capacity });
    expect(second.adopted).toBe(true);
    expect(second.reconcileLists(desired('192.0.2.1', '10.0.0.0/8'))).toEqual({ added: 0, removed: 0 });
    second.applyLists(deny('192.0.2.2'));
    second.attach({ interfaces: [], mode: 'auto' });
    second.close();
    const after = planes.load(path, { capacity });
    expect(after.maps.get('lock_list').info.maxEntries).toBe(501);
    expect(after.readStats().reasons).toMatchObject({ DROP_DENIED_HOST: { packets: 1 } });
    expect(['192.0.2.1', '192.0.2.2', '10.1.1.1'].map((s) => after.run(from(s)).verdict)).toEqual([
      'drop',
      'drop',
      'drop',
    ]);
  });

  it('leaves maps as they are when what they hold does not fit into smaller ones', () => {
    const path = planes.path();
    planes.load(path).applyLists(deny('10.0.0.0/8', '172.16.0.0/12'));
    expect(() => planes.load(path, { capacity: { ...CAPACITY, lock_list: 1 } })).toThrowError(
      expect.objectContaining({ code: 'MAP_FULL', details: { map: 'lock_list', capacity: 1, refused: 1 } }),
    );
    expect(planes.load(path).run(from('172.16.0.1')).verdict).toBe('drop');
  });

  it('refuses maps of another layout version', () => {
    const path = planes.path();
    planes.load(path).close();
    using meta = BpfMap.openPinned(`${path}/meta`);
    const value = meta.lookup(new Uint8Array(4))!;
    value[0] = 77;
    meta.update(new Uint8Array(4), value);
    expect(() => planes.load(path)).toThrowError(expect.objectContaining({ code: 'LAYOUT_MISMATCH' }));
    expect(() => planes.open(path)).toThrowError(/layout 77/);
    const replacing = planes.load(path, { replace: true });
    expect(replacing.adopted).toBe(false);
    replacing.applyLists(deny('192.0.2.1'));
    replacing.attach({ interfaces: [], mode: 'auto' });
    replacing.close();
    const after = planes.load(path);
    expect([after.adopted, after.run(from('192.0.2.1')).verdict]).toEqual([true, 'drop']);
  });

  it('makes anew what an unfinished load left', () => {
    const path = planes.path();
    planes.load(path).close();
    using meta = BpfMap.openPinned(`${path}/meta`);
    meta.update(new Uint8Array(4), new Uint8Array(meta.info.valueSize));
    expect(planes.load(path).adopted).toBe(false);
    expect(planes.load(path).adopted).toBe(true);
  });

  it('refuses a switch that the program does not have', () => {
    const path = planes.path();
    expect(() => planes.load(path, { switches: { cfg_no_such: true } })).toThrowError(/cfg_no_such/);
    expect(planes.open(path)).toBeUndefined();
  });
});
