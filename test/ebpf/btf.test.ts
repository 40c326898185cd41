import { execFileSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { type BpfError, BpfObject, Btf } from '../../src/ebpf/index.ts';
import { compileFixtures } from './fixtures.ts';
import { failOnLeaks } from './leaks.ts';

const fixtures = compileFixtures('basic');
afterAll(() => fixtures[Symbol.dispose]());
failOnLeaks();

interface DumpedType {
  readonly kind: string;
  readonly name: string;
  readonly size?: number;
  readonly members?: readonly { readonly name: string; readonly bits_offset: number }[];
}

describe('type information', () => {
  it('gives layouts with unions lifted, arrays and bit fields', () => {
    const btf = Btf.fromFile(fixtures.object('basic'));
    expect(btf.struct('sample')).toEqual({
      name: 'sample',
      size: 32,
      members: [
        { name: 'kind', offset: 0, size: 1 },
        { name: 'pad', offset: 1, size: 3 },
        { name: 'length', offset: 4, size: 4 },
        { name: 'word', offset: 8, size: 8 },
        { name: 'octets', offset: 8, size: 16 },
        { name: 'low', offset: 24, size: 2, bits: { offset: 192, size: 4 } },
        { name: 'high', offset: 24, size: 2, bits: { offset: 196, size: 12 } },
        { name: 'list', offset: 26, size: 6 },
      ],
    });
    expect([...btf.enum('color')]).toEqual([
      ['RED', 1],
      ['BLUE', 7],
    ]);
    expect(() => btf.struct('simple')).toThrow('no struct or union simple');
  });

  it('agrees with bpftool on every struct', () => {
    const dump = execFileSync('bpftool', ['-j', 'btf', 'dump', 'file', fixtures.object('basic')], { encoding: 'utf8' });
    const { types } = JSON.parse(dump) as { types: DumpedType[] };
    const btf = Btf.fromFile(fixtures.object('basic'));
    const structs = types.filter(({ kind, name }) => (kind === 'STRUCT' || kind === 'UNION') && name !== '(anon)');
    expect(btf.structs()).toEqual(structs.map(({ name }) => name));
    expect(structs.length).toBeGreaterThan(1);
    for (const { name, size, members } of structs) {
      const layout = btf.struct(name);
      expect(layout.size).toBe(size);
      for (const member of members!.filter((one) => one.name !== '(anon)')) {
        expect(layout.members.find((one) => one.name === member.name)?.offset).toBe(member.bits_offset >> 3);
      }
    }
  });

  it('of an opened object tells where global variables lie', () => {
    using object = BpfObject.open(fixtures.object('basic'));
    expect(object.btf().variables('.rodata')).toEqual([
      { name: 'verdict', offset: 0, size: 4 },
      { name: 'marks', offset: 4, size: 4 },
    ]);
    expect(object.btf().variables('.none')).toEqual([]);
    expect(object.globals('.data').getNumber('last_color')).toBe(1n);
    expect(object.globals('.rodata').getNumber('verdict')).toBe(2n);
  });

  it('that is damaged or missing is refused', () => {
    const code = (action: () => unknown) => {
      try {
        action();
      } catch (error) {
        return (error as BpfError).code;
      }
      return undefined;
    };
    expect(code(() => Btf.parse(new Uint8Array(10)))).toBe('OBJECT_INVALID');
    expect(code(() => Btf.parse(new Uint8Array(100)))).toBe('OBJECT_INVALID');
    expect(code(() => Btf.fromFile('/nonexistent.o'))).toBe('OBJECT_MISSING');
    expect(code(() => Btf.fromFile('/etc/passwd'))).toBe('OBJECT_INVALID');
    expect(code(() => Btf.fromFile(process.execPath))).toBe('OBJECT_INVALID');
  });
});
