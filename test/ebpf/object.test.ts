import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import {
  BpfError,
  BpfMap,
  BpfObject,
  BpfProgram,
  countBpfDescriptors,
  MAP_FLAG,
  MAP_TYPE,
  PROG_FLAG,
  PROG_TYPE,
  VerifierError,
} from '../../src/ebpf/index.ts';
import { ownedPinPath } from '../support/owned.ts';
import { compileFixtures } from './fixtures.ts';
import { failOnLeaks } from './leaks.ts';

const fixtures = compileFixtures('basic', 'rejected');
afterAll(() => fixtures[Symbol.dispose]());
failOnLeaks();

const basic = () => BpfObject.open(fixtures.object('basic'));
const thrown = (action: () => unknown): BpfError => {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(BpfError);
    return error as BpfError;
  }
  throw new Error('nothing was thrown');
};

describe('an opened object', () => {
  it('lists its maps and programs, from a file and from bytes alike', () => {
    using file = basic();
    using bytes = BpfObject.open(readFileSync(fixtures.object('basic')), 'basic');
    for (const object of [file, bytes]) {
      expect(object.name).toBe('basic');
      expect(object.maps.map((map) => map.name).sort()).toEqual(
        ['basic.bss', 'basic.data', 'basic.rodata', 'cells', 'counters', 'events', 'table'].sort(),
      );
      expect(object.programs.map(({ name, section, type }) => [name, section, type])).toContainEqual([
        'mark',
        'tc',
        PROG_TYPE.SCHED_CLS,
      ]);
      expect(object.map('.rodata').internal).toBe(true);
      expect(object.map('cells')).toMatchObject({ type: MAP_TYPE.ARRAY, flags: MAP_FLAG.MMAPABLE, maxEntries: 4 });
    }
  });

  it('names what there is when something is asked for that is not', () => {
    using object = basic();
    const error = thrown(() => object.program('give_verdct'));
    expect(error.code).toBe('NOT_FOUND');
    expect(error.message).toContain('give_verdct; there are: give_verdict, drop_all');
  });

  it('cannot be used after disposal', () => {
    const object = basic();
    const map = object.map('table');
    object[Symbol.dispose]();
    object[Symbol.dispose]();
    expect(thrown(() => object.load()).code).toBe('CLOSED');
    expect(thrown(() => map.maxEntries).code).toBe('CLOSED');
  });

  it('refuses a missing file and a file that is no object, without a word on stderr', () => {
    const stderr = vi.spyOn(process.stderr, 'write');
    const junk = join(fixtures.directory, 'junk.o');
    writeFileSync(junk, 'not an object');
    expect(thrown(() => BpfObject.open('/nonexistent/x.o')).code).toBe('OBJECT_MISSING');
    const error = thrown(() => BpfObject.open(junk));
    expect(error.code).toBe('OBJECT_INVALID');
    expect(error.message).toContain(junk);
    expect(error.messages.length).toBeGreaterThan(0);
    expect(stderr).not.toHaveBeenCalled();
    stderr.mockRestore();
  });
});

describe('a load', () => {
  it('applies sizes, flags, types, values of constants and what is left out', () => {
    using object = basic();
    object.map('table').maxEntries = 1234;
    object.map('table').flags = MAP_FLAG.NO_PREALLOC;
    object.setGlobals('.rodata', { verdict: 1, marks: Uint8Array.of(9, 8, 7, 6) });
    expect(object.globals('.rodata').getNumber('verdict')).toBe(1n);
    expect(object.globals('.rodata').get('marks')).toEqual(Uint8Array.of(9, 8, 7, 6));
    object.program('drop_all').autoload = false;
    object.program('give_verdict').flags |= PROG_FLAG.XDP_HAS_FRAGS;
    expect(object.program('drop_all').autoload).toBe(false);
    object.load();
    expect(object.messages).toEqual([]);
    using table = object.map('table').open();
    expect(table.info).toMatchObject({ maxEntries: 1234, flags: MAP_FLAG.NO_PREALLOC, keySize: 4, valueSize: 8 });
    using program = object.program('give_verdict').open();
    expect(program.testRun({ data: new Uint8Array(64) }).retval).toBe(1);
    expect(thrown(() => object.program('drop_all').open()).message).toContain('left out');
  });

  it('leaves handles that outlive the object', () => {
    const object = basic();
    object.load();
    const table = object.map('table').open();
    const program = object.program('drop_all').open();
    object[Symbol.dispose]();
    expect(countBpfDescriptors()).toMatchObject({ 'bpf-map': 1, 'bpf-prog': 1 });
    table.update(new Uint8Array(4), new Uint8Array(8));
    expect(program.testRun({ data: new Uint8Array(64) }).retval).toBe(1);
    table[Symbol.dispose]();
    program[Symbol.dispose]();
    expect(thrown(() => table.lookup(new Uint8Array(4))).code).toBe('CLOSED');
  });

  it('that the verifier refuses throws one line and keeps the whole log', () => {
    using object = BpfObject.open(fixtures.object('rejected'));
    const error = thrown(() => object.load());
    expect(error).toBeInstanceOf(VerifierError);
    expect(error.code).toBe('VERIFIER_REJECTED');
    expect(error.message).toBe('verify program reads_beyond: R1 offset is outside of the packet');
    const { program, log } = (error as VerifierError).details;
    expect(program).toBe('reads_beyond');
    expect(log).toMatch(/^0: R1=ctx[\s\S]*invalid access to packet[\s\S]*processed 2 insns/);
  });

  it('whose map cannot be created names the map', () => {
    using object = basic();
    object.map('table').flags = 0x7fff_0000;
    const error = thrown(() => object.load());
    expect(error.message).toMatch(/table/);
    expect(error.code).toBe('KERNEL_FAILED');
  });
});

describe('pins', () => {
  it('share maps between loads: by path, and by an open map', () => {
    const pins = ownedPinPath('obj');
    using first = basic();
    first.map('table').pinPath = join(pins, 'table');
    expect(first.map('table').pinPath).toBe(join(pins, 'table'));
    first.load();
    using pinned = BpfMap.openPinned(join(pins, 'table'));
    pinned.update(Uint8Array.of(1, 0, 0, 0), Uint8Array.of(7, 0, 0, 0, 0, 0, 0, 0));

    using second = basic();
    second.map('table').reuse(pinned);
    second.load();
    using shared = second.map('table').open();
    expect(shared.info.id).toBe(pinned.info.id);

    using third = basic();
    third.map('table').pinPath = join(pins, 'table');
    third.load();
    using alsoShared = third.map('table').open();
    expect(alsoShared.info.id).toBe(pinned.info.id);
  });

  it('refuse a map of another layout, naming the difference', () => {
    using other = BpfMap.create({ name: 'table', type: MAP_TYPE.HASH, keySize: 4, valueSize: 16, maxEntries: 1 });
    using object = basic();
    const error = thrown(() => object.map('table').reuse(other));
    expect(error.code).toBe('LAYOUT_MISMATCH');
    expect(error.message).toContain('valueSize 16, the program needs 8');
  });

  it('hold programs, and say EXISTS, NOT_FOUND and NO_BPFFS', () => {
    const pins = ownedPinPath('prog');
    using object = basic();
    object.load();
    using program = object.program('drop_all').open();
    program.pin(join(pins, 'deep/drop'));
    using again = BpfProgram.openPinned(join(pins, 'deep/drop'));
    expect(again.info).toMatchObject({ id: program.info.id, tag: program.info.tag, name: 'drop_all' });
    expect(thrown(() => program.pin(join(pins, 'deep/drop'))).code).toBe('EXISTS');
    expect(thrown(() => BpfProgram.openPinned(join(pins, 'none'))).code).toBe('NOT_FOUND');
    expect(thrown(() => program.pin(join(fixtures.directory, 'drop'))).code).toBe('NO_BPFFS');
    expect(thrown(() => BpfMap.openPinned(join(pins, 'deep/drop'))).code).toBe('INVALID_INPUT');
  });
});
