import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PrefixList } from '../model/prefix-list.ts';
import { covers, type Prefix, parsePrefix, prefix4 } from '../model/prefixes.ts';
import { BLOCK, type BlockState, blockAt } from './block-states.ts';
import { index6Nibble32, index6Nibble48 } from './hash.ts';
import { INDEX_BIT, nibbleAt } from './nibbles.ts';
import { emptyIndexMemory, SourceIndex } from './source-index.ts';

const SEED = 0x5eed;
const list = (...texts: string[]) => PrefixList.of(...texts.map((text) => parsePrefix(text).prefix));
const fresh = (changed?: (a: number, b: number) => void) => new SourceIndex(emptyIndexMemory(), SEED, changed);
/** What the kernel program reads for an IPv4 source. */
const at4 = (index: SourceIndex, text: string) => blockAt(index.words4, parsePrefix(text).prefix.words[3] >>> 8);
/** What the kernel program reads for an IPv6 source. */
const at6 = (index: SourceIndex, text: string) => {
  const { words } = parsePrefix(text).prefix;
  const short = nibbleAt(index.words6, index6Nibble32(words[0], SEED));
  return short | nibbleAt(index.words6, index6Nibble48(words[0], words[1], SEED)) | index.always6;
};

/** Networks around 10.0.0.0/13, so that many lie in each other, and some that contain all of it. */
const network = fc
  .tuple(
    fc.integer({ min: 0, max: 0x7ffff }),
    fc.oneof(fc.integer({ min: 13, max: 24 }), fc.integer({ max: 12, min: 0 })),
  )
  .map(([low, length]): Prefix => prefix4((0x0a000000 + low) >>> 0, length));

/** Every /24 of 10.0.0.0/13 and one outside. */
const probes = [...Array.from({ length: 2048 }, (_, i) => prefix4(0x0a000000 + i * 256, 24)), prefix4(0xc0000200, 24)];

describe('source index, denied IPv4 networks', () => {
  it('marks exactly the /24s that a network covers, whatever was added and removed', () => {
    const index = fresh();
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), network), { maxLength: 40 }), (steps) => {
        const model = new Map<string, Prefix>();
        for (const [add, prefix] of steps) {
          const name = `${prefix.words[3]}/${prefix.length}`;
          if (add) {
            model.set(name, prefix);
            index.cover(PrefixList.of(prefix));
          } else {
            model.delete(name);
            index.uncover(PrefixList.of(prefix));
          }
        }
        const networks = [...model.values()];
        for (const probe of probes) {
          const denied = blockAt(index.words4, probe.words[3] >>> 8) === BLOCK.DENIED;
          expect(denied).toBe(networks.some((outer) => covers(outer, probe)));
        }
        index.uncover(PrefixList.of(...networks));
        expect(index.words4.every((word) => (word & 0xaaaa_aaaa) === 0)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it('passes over networks longer than /24, which do not cover a whole block', () => {
    const index = fresh();
    index.cover(list('192.0.2.0/25', '198.51.100.7'));
    index.uncover(list('192.0.2.0/25'));
    expect(index.words4.every((word) => word === 0)).toBe(true);
  });
});

describe('source index, what could match', () => {
  it('touches every /24 of a prefix', () => {
    const index = fresh();
    index.touch('deny', INDEX_BIT.HOST, list('192.0.2.7', '192.0.4.7'));
    index.touch('allow', INDEX_BIT.ALLOW, list('192.0.0.0/22', '192.0.2.128/25'));
    const sources = ['192.0.0.1', '192.0.2.200', '192.0.3.1', '192.0.4.1', '192.0.5.1'];
    expect(sources.map((source) => at4(index, source))).toEqual([3, 3, 3, 1, 0]);
  });

  it('asks for as much as the most demanding entry of a block, whatever came first', () => {
    const state = fc.constantFrom<BlockState>(BLOCK.HOSTS, BLOCK.DENIED, BLOCK.MIXED);
    const demand = fc.tuple(state, fc.integer({ min: 0, max: 0x7fff }), fc.integer({ min: 17, max: 24 }));
    fc.assert(
      fc.property(fc.array(demand, { maxLength: 30 }), (demands) => {
        const index = fresh();
        const expected = new Uint8Array(128);
        for (const [wanted, low, length] of demands) {
          const address = (0x0a00_0000 + (low & ~(2 ** (32 - length) - 1))) >>> 0;
          const prefixes = PrefixList.of(prefix4(address, length));
          if (wanted === BLOCK.DENIED) index.cover(prefixes);
          else index.touch('one', wanted === BLOCK.HOSTS ? INDEX_BIT.HOST : INDEX_BIT.OTHER, prefixes);
          const first = (address >>> 8) & 127;
          for (let i = first; i < first + 2 ** (24 - length); i++) expected[i] = Math.max(expected[i]!, wanted);
        }
        const states = Uint8Array.from(expected, (_, i) => blockAt(index.words4, 0x0a_0000 + i));
        expect(states).toEqual(expected);
      }),
    );
  });

  it('finds every address inside an IPv6 prefix of any length', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 0xffffffff }), { minLength: 4, maxLength: 4 }),
        fc.integer({ min: 0, max: 128 }),
        fc.integer({ min: 0, max: 0xffffffff }),
        (words, length, noise) => {
          const index = fresh();
          const [a, b, c, d] = words as [number, number, number, number];
          const prefixes = new PrefixList();
          const cut = (word: number, bits: number) =>
            bits <= 0 ? 0 : bits >= 32 ? word : (word & (0xffffffff << (32 - bits))) >>> 0;
          prefixes.push6(cut(a, length), cut(b, length - 32), cut(c, length - 64), cut(d, length - 96), length);
          index.touch('deny', INDEX_BIT.OTHER, prefixes);
          const inside = (word: number, fixed: number) => (cut(word, fixed) | (noise & ~cut(0xffffffff, fixed))) >>> 0;
          const one = inside(a, length);
          const two = inside(b, length - 32);
          const bits =
            nibbleAt(index.words6, index6Nibble32(one, SEED)) |
            nibbleAt(index.words6, index6Nibble48(one, two, SEED)) |
            index.always6;
          expect(bits).toBe(INDEX_BIT.OTHER);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('lets short prefixes hold for every source until each owner has released them', () => {
    const told: number[][] = [];
    const index = fresh((always4, always6) => told.push([always4, always6]));
    index.touch('allow', INDEX_BIT.ALLOW, list('0.0.0.0/0'));
    index.touch('limits', INDEX_BIT.OTHER, list('0.0.0.0/0', '2000::/3', '10.0.0.0/8'));
    index.touch('rules', INDEX_BIT.OTHER, list('0.0.0.0/0'));
    index.release('limits', INDEX_BIT.OTHER, list('0.0.0.0/0', '2000::/3', '10.0.0.0/8'));
    index.release('rules', INDEX_BIT.OTHER, list('0.0.0.0/0'));
    expect(told).toEqual([
      [1, 0],
      [9, 8],
      [9, 8],
      [9, 0],
      [1, 0],
    ]);
    expect([at4(index, '10.9.9.9'), at4(index, '11.0.0.1')]).toEqual([BLOCK.MIXED, BLOCK.CLEAR]);
  });
});

describe('source index, drawn up anew', () => {
  it('raises what is missing before it lowers what is stale', () => {
    const index = fresh();
    index.touch('deny', INDEX_BIT.HOST, list('192.0.2.1', '2001:db8::1'));
    index.cover(list('198.51.0.0/16'));
    const draft = index.draft();
    draft.touch('deny', INDEX_BIT.HOST, list('203.0.113.1'));
    draft.cover(list('198.51.100.0/24'));
    draft.touch('allow', INDEX_BIT.ALLOW, list('::/0'));
    const sources = ['192.0.2.1', '203.0.113.1', '198.51.99.1', '198.51.100.1'];

    index.raise(draft);
    expect(sources.map((source) => at4(index, source))).toEqual([1, 1, 2, 2]);
    index.lower(draft);
    expect(sources.map((source) => at4(index, source))).toEqual([0, 1, 0, 2]);
    expect(at6(index, '2001:db8::1')).toBe(INDEX_BIT.ALLOW);
    index.uncover(list('198.51.100.0/24', '198.51.0.0/16'));
    expect(at4(index, '198.51.100.1')).toBe(BLOCK.HOSTS);
  });
});
