import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HostsTable } from './hosts-table.ts';
import { HostsTable4 } from './hosts-table4.ts';
import { HostsTable6 } from './hosts-table6.ts';

const BUCKET = 16;

/** A table of each family over `buckets` buckets, and a maker of host columns from small numbers. */
const families = [
  {
    name: 'IPv4',
    slots: 16,
    make: (words: Uint32Array, seed: number, settle?: () => void): HostsTable => new HostsTable4(words, seed, settle),
    columns: (hosts: number[]) => Uint32Array.from(hosts),
  },
  {
    name: 'IPv6',
    slots: 4,
    make: (words: Uint32Array, seed: number, settle?: () => void): HostsTable => new HostsTable6(words, seed, settle),
    columns: (hosts: number[]) => Uint32Array.from(hosts.flatMap((h) => [0x20010db8, h & 0xff, h >>> 8, h])),
  },
];

describe.each(families)('hosts table, $name', ({ slots, make, columns }) => {
  const has = (table: HostsTable, host: number) => table.find(columns([host]), 0) >= 0;

  it('holds what was inserted and nothing else', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 0, max: 0xffffffff }),
        fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 150 })), { maxLength: 300 }),
        (buckets, seed, steps) => {
          const model = new Set<number>();
          let table: HostsTable | null = null;
          // While a packet may still be judged by what it read before, every host must be findable.
          const settle = () => {
            for (const host of model) expect(has(table!, host)).toBe(true);
          };
          table = make(new Uint32Array(buckets * BUCKET), seed, settle);
          for (const [add, host] of steps) {
            if (add) {
              const refused = table.insert(columns([host]), 1);
              if (refused.length === 0) model.add(host);
              else expect(model.size).toBeGreaterThanOrEqual(slots);
            } else {
              expect(table.remove(columns([host]), 0)).toBe(model.delete(host));
            }
            expect(table.count).toBe(model.size);
          }
          for (let host = 1; host <= 150; host++) expect(has(table, host)).toBe(model.has(host));
          expect(table.hosts().length).toBe(model.size * table.width);
        },
      ),
    );
  });

  it('moves hosts until nearly every slot is used', () => {
    const table = make(new Uint32Array(101 * BUCKET), 7);
    const wanted = Math.floor(101 * slots * 0.93);
    const hosts = columns(Array.from({ length: wanted }, (_, i) => i + 1));
    expect(table.insert(hosts, wanted)).toEqual([]);
    expect(table.count).toBe(wanted);
    for (let i = 0; i < wanted; i++) expect(table.find(hosts, i)).toBeGreaterThanOrEqual(0);
    expect(new Set(table.hosts())).toEqual(new Set(hosts));
  });

  it('refuses what finds no room and keeps the rest', () => {
    const table = make(new Uint32Array(2 * BUCKET), 1);
    const many = 3 * slots;
    const hosts = columns(Array.from({ length: many }, (_, i) => i + 1));
    const added: number[] = [];
    const refused = table.insert(hosts, many, (index) => added.push(index));
    expect(refused.length + added.length).toBe(many);
    expect(table.count).toBe(added.length);
    expect(added.length).toBeGreaterThan(slots);
    for (const index of added) expect(table.find(hosts, index)).toBeGreaterThanOrEqual(0);
    for (const index of refused) expect(table.find(hosts, index)).toBe(-1);
  });

  it('counts a host once however often it is inserted', () => {
    const table = make(new Uint32Array(4 * BUCKET), 1);
    const added: number[] = [];
    table.insert(columns([9, 9, 9]), 3, (index) => added.push(index));
    table.insert(columns([9]), 1, (index) => added.push(index));
    expect([table.count, added]).toEqual([1, [0]]);
  });

  it('continues over memory that is filled already, and clears second copies', () => {
    const memory = new Uint32Array(1 * BUCKET);
    make(memory, 5).insert(columns([3]), 1);
    // What a process leaves that died between copying and freeing.
    const width = memory.length / slots;
    memory.copyWithin(width, 0, width);
    const table = make(memory, 5);
    expect(table.count).toBe(2);
    expect(table.remove(columns([3]), 0)).toBe(true);
    expect([table.count, memory.some((word) => word !== 0)]).toEqual([0, false]);
  });

  it('tells what is not to be kept and frees second copies of the rest', () => {
    const memory = new Uint32Array(1 * BUCKET);
    make(memory, 5).insert(columns([1, 2, 3]), 3);
    const width = memory.length / slots;
    memory.copyWithin(3 * width, 0, width);
    const table = make(memory, 5);
    const keep = new Uint8Array(slots);
    for (const host of [1, 2]) keep[table.find(columns([host]), 0) / width] = 1;
    expect(table.others(keep)).toEqual(columns([3]));
    expect(table.count).toBe(3);
    expect([1, 2, 3].map((host) => has(table, host))).toEqual([true, true, true]);
  });

  it('refuses the address that marks a free slot', () => {
    const table = make(new Uint32Array(2 * BUCKET), 5);
    const zero = new Uint32Array(table.width);
    expect(table.insert(zero, 1)).toEqual([0]);
    expect([table.find(zero, 0), table.remove(zero, 0), table.count]).toEqual([-1, false, 0]);
  });
});

it('stores an IPv4 address as the kernel loads it from the packet', () => {
  const memory = new Uint32Array(BUCKET);
  new HostsTable4(memory, 0).insert(Uint32Array.of(0xc0000201), 1);
  const bytes = new Uint8Array(memory.buffer);
  const at = bytes.indexOf(192);
  expect([...bytes.subarray(at, at + 4)]).toEqual([192, 0, 2, 1]);
});
