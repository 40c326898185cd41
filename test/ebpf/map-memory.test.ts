import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { BpfError, BpfMap, BpfObject, Globals, MAP_FLAG, MAP_TYPE } from '../../src/ebpf/index.ts';
import { compileFixtures } from './fixtures.ts';
import { failOnLeaks } from './leaks.ts';

const fixtures = compileFixtures('basic');
afterAll(() => fixtures[Symbol.dispose]());
failOnLeaks();

const array = (maxEntries: number, flags: number = MAP_FLAG.MMAPABLE) =>
  BpfMap.create({ type: MAP_TYPE.ARRAY, keySize: 4, valueSize: 8, maxEntries, flags });
const key = (value: number) => new Uint8Array(Uint32Array.of(value).buffer);

describe('mapped memory', () => {
  it('shows a million writes to the kernel, and outlives its map', () => {
    const count = 1_000_000;
    using map = array(count);
    const memory = map.mmap();
    expect(memory.size).toBe(count * 8);
    const { words } = memory;
    for (let i = 0; i < count; i++) words[i * 2] = i;
    for (const i of [0, 1, 4095, 499_999, count - 1]) {
      expect(new Uint32Array(map.lookup(key(i))!.buffer)[0]).toBe(i);
    }
    map.update(key(7), new Uint8Array(8).fill(0xff));
    expect(words[14]).toBe(0xffff_ffff);
    map[Symbol.dispose]();
    expect(words[(count - 1) * 2]).toBe(count - 1);
    memory[Symbol.dispose]();
  });

  it('throws after disposal, and a view that was kept reads zeros and writes nowhere', () => {
    using map = array(1000);
    const memory = map.mmap();
    const kept = memory.words;
    kept[0] = 5;
    memory[Symbol.dispose]();
    memory[Symbol.dispose]();
    expect(() => memory.bytes).toThrow(BpfError);
    expect(kept[0]).toBe(0);
    kept[0] = 6;
    expect(map.lookup(key(0))![0]).toBe(5);
  });

  it('is released by the kernel at disposal', () => {
    using map = array(10);
    using memory = map.mmap();
    const mapped = () => readMaps().filter((line) => line.includes('bpf-map')).length;
    const before = mapped();
    memory[Symbol.dispose]();
    expect(mapped()).toBe(before - 1);
  });

  it('is refused for a map that was not made for it', () => {
    using map = array(10, 0);
    expect(() => map.mmap()).toThrow('BPF_F_MMAPABLE');
  });

  it('gives global variables of a loaded program, live', () => {
    using object = BpfObject.open(fixtures.object('basic'));
    object.load();
    using bss = object.map('.bss').open();
    using memory = bss.mmap();
    const globals = new Globals(memory.bytes, object.btf().variables('.bss'));
    using program = object.program('give_verdict').open();
    program.testRun({ data: new Uint8Array(64), repeat: 10 });
    expect(globals.getNumber('seen')).toBe(10n);
    globals.set('seen', 100);
    program.testRun({ data: new Uint8Array(64) });
    expect(globals.getNumber('seen')).toBe(101n);
  });

  it('of constants is read-only to the process as well', () => {
    using object = BpfObject.open(fixtures.object('basic'));
    object.setGlobals('.rodata', { verdict: 77 });
    object.load();
    using rodata = object.map('.rodata').open();
    using memory = rodata.mmap();
    expect(memory.words[0]).toBe(77);
  });
});

function readMaps(): string[] {
  return readFileSync('/proc/self/maps', 'utf8').split('\n');
}
