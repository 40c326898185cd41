/**
 * Nibbles of src_index4 and src_index6: nibble n is bits 4 * (n % 8) .. + 3 of 32-bit word n / 8. The kernel program sets
 * bits at the same time, so words change atomically.
 */

/** NX_INDEX_* of bpf/include/types.h. */
export const INDEX_BIT = { ALLOW: 1, HOST: 2, NETWORK: 4, OTHER: 8 } as const;
export type IndexBit = (typeof INDEX_BIT)[keyof typeof INDEX_BIT];

const ALL_NIBBLES = 0x11111111;

export function nibbleAt(words: Uint32Array, nibble: number): number {
  return (words[nibble >>> 3]! >>> ((nibble & 7) * 4)) & 15;
}

export function setNibble(words: Uint32Array, nibble: number, bits: number): void {
  setWord(words, nibble >>> 3, bits << ((nibble & 7) * 4));
}

export function clearNibble(words: Uint32Array, nibble: number, bits: number): void {
  clearWord(words, nibble >>> 3, bits << ((nibble & 7) * 4));
}

/** Sets a bit in `count` nibbles, a power of two; `from` is a multiple of it. */
export function setNibbles(words: Uint32Array, from: number, count: number, bit: IndexBit): void {
  if (count < 8) {
    const nibbles = ALL_NIBBLES & (2 ** (count * 4) - 1);
    setWord(words, from >>> 3, (nibbles * bit) << ((from & 7) * 4));
    return;
  }
  const mask = bit * ALL_NIBBLES;
  for (let at = from >>> 3; at < (from + count) >>> 3; at++) setWord(words, at, mask);
}

/** Sets `count` bits, a power of two; `from` is a multiple of it. Bit n is bit n % 32 of word n / 32. */
export function setBits(words: Uint32Array, from: number, count: number): void {
  if (count < 32) {
    setWord(words, from >>> 5, (2 ** count - 1) << (from & 31));
    return;
  }
  for (let at = from >>> 5; at < (from + count) >>> 5; at++) setWord(words, at, 0xffffffff);
}

/** Sets `mask` in word `at`; a word that has it already is not written. */
export function setWord(words: Uint32Array, at: number, mask: number): void {
  if ((words[at]! & mask) !== (mask | 0)) Atomics.or(words, at, mask);
}

export function clearWord(words: Uint32Array, at: number, mask: number): void {
  if ((words[at]! & mask) !== 0) Atomics.and(words, at, ~mask);
}

const SPREAD = Uint32Array.from({ length: 256 }, (_, byte) => {
  let word = 0;
  for (let i = 0; i < 8; i++) if ((byte >>> i) & 1) word |= 1 << (i * 4);
  return word;
});

/** Eight flags -> the lowest bit of eight nibbles. */
export function spread(byte: number): number {
  return SPREAD[byte]!;
}
