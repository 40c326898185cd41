/**
 * src_index4: two bits for each IPv4 /24, block n in bits 2 * (n % 16) .. + 1 of 32-bit word n / 16. Each state asks for no
 * less than the one before it, so whoever adds something raises a block to the state that he needs, in any order. The kernel
 * program sets MIXED at the same time, so words change by compare and swap.
 */

/** NX_BLOCK_* of bpf/include/types.h. */
export const BLOCK = { CLEAR: 0, HOSTS: 1, DENIED: 2, MIXED: 3 } as const;
export type BlockState = (typeof BLOCK)[keyof typeof BLOCK];

export const BLOCKS_PER_WORD = 16;
/** The lower bit of every block of a word. */
const LOW = 0x5555_5555;

export function blockAt(words: Uint32Array, block: number): BlockState {
  return ((words[block >>> 4]! >>> ((block & 15) * 2)) & 3) as BlockState;
}

/** Raises one block to a state at least. */
export function raiseBlock(words: Uint32Array, block: number, state: BlockState): void {
  const at = block >>> 4;
  const shift = (block & 15) * 2;
  for (;;) {
    const word = words[at]!;
    if (((word >>> shift) & 3) >= state) return;
    const wanted = ((word & ~(3 << shift)) | (state << shift)) >>> 0;
    if (Atomics.compareExchange(words, at, word, wanted) === word) return;
  }
}

/** Raises `count` blocks, a power of two, to a state at least; `from` is a multiple of it. */
export function raiseBlocks(words: Uint32Array, from: number, count: number, state: BlockState): void {
  if (count < BLOCKS_PER_WORD) {
    const blocks = LOW & (2 ** (count * 2) - 1);
    raiseWord(words, from >>> 4, (blocks * state) << ((from & 15) * 2));
    return;
  }
  for (let at = from >>> 4; at < (from + count) >>> 4; at++) raiseWord(words, at, LOW * state);
}

/** Makes each block of word `at` the higher of what it is and what it is in `wanted`. */
export function raiseWord(words: Uint32Array, at: number, wanted: number): void {
  change(words, at, (word) => higher(word, wanted));
}

/**
 * The blocks of word `at` that are DENIED and chosen are so no longer. Nobody knows whether hosts lie in them.
 * @param chosen bit i for block i
 */
export function undenyBlocks(words: Uint32Array, at: number, chosen: number): void {
  const low = spread(chosen);
  change(words, at, (word) => {
    const denied = (word >>> 1) & ~word & low;
    return word ^ (denied | (denied << 1));
  });
}

/** By block. */
function higher(a: number, b: number): number {
  const [highA, highB] = [(a >>> 1) & LOW, (b >>> 1) & LOW];
  const low = (a & (highA | ~highB)) | (b & (highB | ~highA));
  return (low & LOW) | ((a | b) & ~LOW);
}

function change(words: Uint32Array, at: number, next: (word: number) => number): void {
  for (;;) {
    const word = words[at]!;
    const wanted = next(word) >>> 0;
    if (wanted === word || Atomics.compareExchange(words, at, word, wanted) === word) return;
  }
}

/** Sixteen flags -> the lower bits of sixteen blocks. */
function spread(flags: number): number {
  let word = flags & 0xffff;
  word = (word | (word << 8)) & 0x00ff_00ff;
  word = (word | (word << 4)) & 0x0f0f_0f0f;
  word = (word | (word << 2)) & 0x3333_3333;
  return (word | (word << 1)) & LOW;
}
