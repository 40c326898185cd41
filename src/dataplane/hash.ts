/**
 * Where an address stands in lock_hosts4/6 and src_index4/6: the twin of bpf/include/hash.h, which gives the formulas.
 * Words are as the kernel loads them from a packet (`loaded`), as signed 32-bit integers unless said otherwise.
 */
import { endianness } from 'node:os';

const LITTLE = endianness() === 'LE';

/** A word in host order -> the same word as loaded from network byte order, and back. */
export function loaded(word: number): number {
  if (!LITTLE) return word | 0;
  return (word >>> 24) | ((word >>> 8) & 0xff00) | ((word << 8) & 0xff0000) | (word << 24);
}

export function fmix(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function fold(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const h = hash ^ k;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

/** First hash of a lock_hosts4 slot. */
export function hosts4Hash(address: number, seed: number): number {
  return fmix(address ^ seed);
}

/** First hash of a lock_hosts6 slot. */
export function hosts6Hash(a: number, b: number, c: number, d: number, seed: number): number {
  return fmix(fold(fold(fold(fold(seed | 0, a), b), c), d) ^ 16);
}

export function secondHash(first: number): number {
  return fmix((first + 0x9e3779b9) | 0);
}

/** Bucket of a hash among any number of buckets below 2^21; the product stays exact in a double. */
export function bucketOf(hash: number, buckets: number): number {
  return Math.floor(((hash >>> 0) * buckets) / 0x1_0000_0000);
}

/** Nibble of an IPv6 /32 in src_index6. @param word0 first word in host order */
export function index6Nibble32(word0: number, seed: number): number {
  return fmix(loaded(word0) ^ seed) >>> 10;
}

/** Nibble of an IPv6 /48 in src_index6. @param word0 first word, @param word1 second word, both in host order */
export function index6Nibble48(word0: number, word1: number, seed: number): number {
  const half = word1 >>> 16;
  const half2 = LITTLE ? ((half & 0xff) << 8) | (half >>> 8) : half;
  return fmix((Math.imul(loaded(word0), 0xcc9e2d51) + Math.imul(half2, 0x9e3779b1)) ^ seed) >>> 10;
}
