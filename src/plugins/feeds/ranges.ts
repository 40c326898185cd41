import { formatPrefix, parseAddress, prefix4, prefix6 } from '../../model/prefixes.ts';

/** The networks that make up the addresses from `first` to `last`. */
export function* networksOf(first: string, last: string): Generator<string> {
  const [low, high] = [parseAddress(first), parseAddress(last)];
  const bits = low.family === 4 ? 32 : 128;
  const word = low.family === 4 ? (p: typeof low) => BigInt(p.words[3]) : numberOf;
  let from = word(low);
  const to = word(high);
  while (from <= to) {
    let size = 0;
    while (size < bits && (from & (1n << BigInt(size))) === 0n && from + (1n << BigInt(size + 1)) - 1n <= to) size++;
    yield formatPrefix(low.family === 4 ? prefix4(Number(from), bits - size) : prefix6(wordsOf(from), bits - size));
    from += 1n << BigInt(size);
  }
}

function numberOf({ words }: { readonly words: readonly number[] }): bigint {
  return words.reduce((value, word) => (value << 32n) | BigInt(word), 0n);
}

function wordsOf(value: bigint): [number, number, number, number] {
  return [96n, 64n, 32n, 0n].map((shift) => Number((value >> shift) & 0xffffffffn)) as [number, number, number, number];
}
