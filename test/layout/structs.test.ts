import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { arch, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bpfFile } from '../../src/dataplane/bpf-files.ts';
import {
  ACTION,
  CODECS,
  DECIDER,
  FAMILY_BIT,
  FLOW_STATE,
  LAYOUT_VERSION,
  PORT_SET,
} from '../../src/dataplane/layout.ts';
import { INDEX_BIT } from '../../src/dataplane/nibbles.ts';
import { Btf } from '../../src/ebpf/index.ts';
import { REASON_MAX, REASONS } from '../../src/model/reasons.ts';

const root = join(import.meta.dirname, '../..');
const header = readFileSync(join(root, 'bpf/include/types.h'), 'utf8');
const directory = mkdtempSync(join(tmpdir(), 'netxfw-layout-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** BTF of every struct and enum of types.h and reasons.h, whether a program uses it yet or not. */
const btf = ((): Btf => {
  const named = (kind: string) => [...header.matchAll(new RegExp(`^${kind} (nx_\\w+) \\{`, 'gm'))].map(([, n]) => n!);
  const enums = [...named('enum'), 'nx_reason'];
  const source = join(directory, 'layout.c');
  const members = [
    ...named('struct').map((name) => `struct ${name} s_${name};`),
    ...enums.map((name) => `enum ${name} e_${name};`),
  ];
  writeFileSync(source, `#include "types.h"\n#include "reasons.h"\nstruct all { ${members.join(' ')} } all;\n`);
  const object = join(directory, 'layout.o');
  const machine = { x64: 'x86_64', arm64: 'aarch64' }[arch() as string] ?? arch();
  const include = ['-I', join(root, 'bpf/include'), '-idirafter', `/usr/include/${machine}-linux-gnu`];
  execFileSync('clang', ['-O2', '-g', '-target', 'bpf', ...include, '-c', source, '-o', object]);
  return Btf.fromFile(object);
})();

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const byOffset = (a: { offset: number }, b: { offset: number }) => a.offset - b.offset;
const codecFields = (codec: (typeof CODECS)[number]) =>
  Object.entries(codec.fields)
    .map(([name, { offset, size }]) => ({ name: snake(name), offset, size }))
    .sort(byOffset);
const structFields = (from: Btf, name: string) =>
  from
    .struct(name)
    .members.filter((member) => member.name !== 'pad')
    .map(({ name, offset, size }) => ({ name, offset, size }))
    .sort(byOffset);

describe('structs of types.h', () => {
  it.each(CODECS.map((codec) => [codec.name, codec] as const))('%s has the codec of its C struct', (name, codec) => {
    expect(codecFields(codec)).toEqual(structFields(btf, name));
    expect(codec.size).toBe(btf.struct(name).size);
  });

  it('all have a codec', () => {
    const structs = btf.structs().filter((name) => name.startsWith('nx_') && name !== 'nx_addr');
    expect(CODECS.map((codec) => codec.name as string).sort()).toEqual(structs.sort());
  });

  it('lie in the built object as its codecs say', () => {
    const built = Btf.fromFile(bpfFile('netxfw'));
    const present = CODECS.filter((codec) => built.structs().includes(codec.name));
    expect(present.length).toBeGreaterThan(5);
    for (const codec of present) expect(codecFields(codec)).toEqual(structFields(built, codec.name));
  });
});

describe('enums', () => {
  const values = (name: string, prefix: RegExp) =>
    Object.fromEntries([...btf.enum(name)].map(([key, value]) => [key.replace(prefix, ''), value]));

  it('reasons.ts equals enum nx_reason', () => {
    const { REASON_MAX: max, REASON_NONE: none, ...reasons } = values('nx_reason', /^NX_/);
    expect(reasons).toEqual(Object.fromEntries(Object.entries(REASONS).filter(([name]) => name !== 'NONE')));
    expect([none, max]).toEqual([REASONS.NONE, REASON_MAX]);
  });

  it.each([
    ['nx_action', /^NX_ACTION_/, ACTION],
    ['nx_index_bit', /^NX_INDEX_/, INDEX_BIT],
    ['nx_flow_state', /^NX_FLOW_/, FLOW_STATE],
    ['nx_family_bit', /^NX_/, FAMILY_BIT],
    ['nx_decider', /^NX_BY_/, DECIDER],
    ['nx_layout', /^NX_/, { LAYOUT_VERSION }],
  ] as const)('%s', (name, prefix, expected) => {
    expect(values(name, prefix)).toEqual(expected);
  });

  it('nx_port_set', () => {
    const { NX_PORT_SETS, ...sets } = values('nx_port_set', /^NX_PORTS_/);
    expect(sets).toEqual(PORT_SET);
    expect(NX_PORT_SETS).toBe(Object.keys(PORT_SET).length);
  });
});
