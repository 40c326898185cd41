/**
 * Nibbles of src_index6: nibble n is bits 4 * (n % 8) .. + 3 of 32-bit word n / 8. The kernel program sets
 * bits at the same time, so words change atomically.
 */

/** NX_INDEX_* of bpf/include/types.h. */
export const INDEX_BIT = { ALLOW: 1, HOST: 2, NETWORK: 4, OTHER: 8 } as const;
export type IndexBit = (typeof INDEX_BIT)[keyof typeof INDEX_BIT];

export function nibbleAt(words: Uint32Array, nibble: number): number {
  return (words[nibble >>> 3]! >>> ((nibble & 7) * 4)) & 15;
}

export function setNibble(words: Uint32Array, nibble: number, bits: number): void {
  setWord(words, nibble >>> 3, bits << ((nibble & 7) * 4));
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
