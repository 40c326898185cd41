import { describe, expect, it } from 'vitest';
import { Globals } from './globals.ts';

const globals = () =>
  new Globals(new Uint8Array(24), [
    { name: 'flag', offset: 0, size: 1 },
    { name: 'port', offset: 2, size: 2 },
    { name: 'rate', offset: 4, size: 4 },
    { name: 'time', offset: 8, size: 8 },
    { name: 'mac', offset: 16, size: 6 },
  ]);

describe('global variables', () => {
  it('keep numbers of each size, and neighbours untouched', () => {
    const section = globals();
    section.set('flag', true);
    section.set('port', 65_535);
    section.set('rate', -1);
    section.set('time', 0x1234_5678_9abc_def0n);
    section.set('mac', Uint8Array.of(1, 2, 3, 4, 5, 6));
    expect(['flag', 'port', 'rate', 'time'].map((name) => section.getNumber(name))).toEqual([
      1n,
      65_535n,
      0xffff_ffffn,
      0x1234_5678_9abc_def0n,
    ]);
    expect(section.get('mac')).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6));
    expect(section.bytes[1]).toBe(0);
    expect(section.bytes.subarray(22)).toEqual(Uint8Array.of(0, 0));
  });

  it.each([
    ['flag', 256, 'does not fit into 1 bytes'],
    ['port', -32_769, 'does not fit into 2 bytes'],
    ['rate', 1.5, 'no integer'],
    ['mac', 1, '6 bytes and is no number'],
    ['mac', Uint8Array.of(1), '6 bytes, not 1'],
    ['prot', 1, 'there are: flag, port'],
  ])('refuse %s = %s', (name, value, reason) => {
    const section = globals();
    expect(() => section.set(name, value)).toThrow(reason);
    expect(section.bytes.every((byte) => byte === 0)).toBe(true);
  });
});
