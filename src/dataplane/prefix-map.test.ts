import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PrefixList } from '../model/prefix-list.ts';
import { formatPrefix, prefix4, prefix6 } from '../model/prefixes.ts';
import { PrefixMap } from './prefix-map.ts';

const prefix = fc.oneof(
  fc.tuple(fc.integer({ min: 0, max: 40 }), fc.constantFrom(0, 8, 24, 31, 32)).map(([a, l]) => prefix4(a << 24, l)),
  fc
    .tuple(fc.integer({ min: 0, max: 40 }), fc.constantFrom(0, 32, 64, 128))
    .map(([a, l]) => prefix6([0x20010db8, 0, 0, a], l)),
);

describe('prefix map', () => {
  it('agrees with a Map, whatever was set and deleted', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), prefix, fc.nat(1000)), { maxLength: 500 }), (steps) => {
        const map = new PrefixMap();
        const model = new Map<string, number>();
        for (const [add, one, value] of steps) {
          const { addresses4, lengths4, words6, lengths6 } = PrefixList.of(one);
          const name = formatPrefix(one);
          const before = model.get(name) ?? -1;
          if (one.family === 4) {
            expect(map.four.get(addresses4, lengths4, 0)).toBe(before);
            const did = add ? map.four.set(addresses4, lengths4, 0, value) : map.four.delete(addresses4, lengths4, 0);
            expect(did).toBe(before);
          } else {
            expect(map.six.get(words6, lengths6, 0)).toBe(before);
            const did = add ? map.six.set(words6, lengths6, 0, value) : map.six.delete(words6, lengths6, 0);
            expect(did).toBe(before);
          }
          if (add) model.set(name, value);
          else model.delete(name);
        }
        const left = new Map<string, number>();
        map.four.forEach((words, lengths, i, value) => {
          left.set(formatPrefix(prefix4(words[i]!, lengths[i]!)), value);
        });
        map.six.forEach((words, lengths, i, value) => {
          const [a, b, c, d] = words.subarray(i * 4, i * 4 + 4);
          left.set(formatPrefix(prefix6([a!, b!, c!, d!], lengths[i]!)), value);
        });
        expect(left).toEqual(model);
        expect(map.size).toBe(model.size);
      }),
    );
  });

  it('takes and gives back many', () => {
    const list = new PrefixList();
    for (let i = 0; i < 20_000; i++) list.push4((i * 2_654_435_761) >>> 0, 32);
    const map = new PrefixMap();
    map.setAll(list, 7);
    expect(map.size).toBe(20_000);
    map.deleteAll(list);
    map.setAll(list, 8);
    expect([map.size, map.four.get(list.addresses4, list.lengths4, 19_999)]).toEqual([20_000, 8]);
  });
});
