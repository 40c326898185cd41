/**
 * src_index4 and src_index6: what could match a source, so that the kernel program looks up only what can. IPv4 has a state
 * for each /24 (block-states.ts), and in src_touched4 a bit whether it is any but CLEAR, set after the state; IPv6 has a nibble
 * of INDEX_BIT for each hashed /48 and one for each hashed /32 (bpf/include/hash.h), which stands for prefixes shorter than
 * /48. BLOCK.DENIED is a verdict and exact; everything else may be stale, which costs a look-up and never a wrong verdict,
 * until `lower` clears it. Prefixes too short for the index (IPv4 below /8, IPv6 below /16) hold for every source instead:
 * `always4` and `always6`.
 */
import type { PrefixList } from '../model/prefix-list.ts';
import type { Prefix } from '../model/prefixes.ts';
import {
  BLOCK,
  BLOCKS_PER_WORD,
  type BlockState,
  raiseBlock,
  raiseBlocks,
  raiseWord,
  undenyBlocks,
} from './block-states.ts';
import { index6Nibble32, index6Nibble48 } from './hash.ts';
import { MAX_LENGTH, NetworkBits } from './network-bits.ts';
import { clearWord, INDEX_BIT, type IndexBit, setBits, setNibble, setWord } from './nibbles.ts';

/** 32-bit words of the maps: NX_INDEX4_LINES, NX_TOUCHED4_LINES and NX_INDEX6_LINES lines of 16. */
export const INDEX4_WORDS = 2 ** 20;
const TOUCHED4_WORDS = 2 ** 19;
export const INDEX6_WORDS = 2 ** 19;

/** The memory of src_index4, src_touched4 and src_index6. */
export interface IndexMemory {
  readonly words4: Uint32Array;
  readonly touched4: Uint32Array;
  readonly words6: Uint32Array;
}

export const emptyIndexMemory = (): IndexMemory => ({
  words4: new Uint32Array(INDEX4_WORDS),
  touched4: new Uint32Array(TOUCHED4_WORDS),
  words6: new Uint32Array(INDEX6_WORDS),
});

/** Shortest prefixes that the index stands for. */
const SHORTEST4 = 8;
const SHORTEST6 = 16;

/** Whether a prefix is too short for the index and would hold for every source of its family. */
export function isTooShort({ family, length }: Prefix): boolean {
  return length < (family === 4 ? SHORTEST4 : SHORTEST6);
}

/** What may be said to an index, the live one or one being drawn up. */
export interface IndexWriter {
  /** @param owner who says it; a prefix that holds for every source holds until each owner has released it */
  touch(owner: string, bit: IndexBit, prefixes: PrefixList): void;
  /** Permanent denied IPv4 networks up to /24; other prefixes of the list are passed over. */
  cover(prefixes: PrefixList): void;
}

export class SourceIndex implements IndexWriter {
  readonly words4: Uint32Array;
  readonly touched4: Uint32Array;
  readonly words6: Uint32Array;
  readonly #seed: number;
  readonly #changed: (always4: number, always6: number) => void;
  #networks = new NetworkBits();
  /** `OWNER BIT PREFIX` of everything too short for the index, by family. */
  #short4 = new Set<string>();
  #short6 = new Set<string>();

  /** @param changed is told the bits that hold for every source, whenever they change */
  constructor(memory: IndexMemory, seed: number, changed: (always4: number, always6: number) => void = () => {}) {
    this.words4 = memory.words4;
    this.touched4 = memory.touched4;
    this.words6 = memory.words6;
    this.#seed = seed;
    this.#changed = changed;
  }

  /** An empty index in private memory, to draw up what `raise` and `lower` then make true. */
  draft(): SourceIndex {
    return new SourceIndex(emptyIndexMemory(), this.#seed);
  }

  get always4(): number {
    return bitsOf(this.#short4);
  }

  get always6(): number {
    return bitsOf(this.#short6);
  }

  touch(owner: string, bit: IndexBit, prefixes: PrefixList): void {
    let short = false;
    for (let i = 0; i < prefixes.count4; i++) {
      short = this.#touch4(owner, bit, prefixes.addresses4[i]!, prefixes.lengths4[i]!) || short;
    }
    for (let i = 0; i < prefixes.count6; i++) {
      const { words6 } = prefixes;
      short = this.#touch6(owner, bit, words6[i * 4]!, words6[i * 4 + 1]!, prefixes.lengths6[i]!) || short;
    }
    if (short) this.#changed(this.always4, this.always6);
  }

  /** Takes back what held for every source; what longer prefixes touched stays so until the next `lower`. */
  release(owner: string, bit: IndexBit, prefixes: PrefixList): void {
    let short = false;
    for (let i = 0; i < prefixes.count4; i++) {
      const length = prefixes.lengths4[i]!;
      if (length < SHORTEST4) short = this.#short4.delete(key(owner, bit, prefixes.addresses4[i]!, length)) || short;
    }
    for (let i = 0; i < prefixes.count6; i++) {
      const length = prefixes.lengths6[i]!;
      if (length < SHORTEST6) short = this.#short6.delete(key(owner, bit, prefixes.words6[i * 4]!, length)) || short;
    }
    if (short) this.#changed(this.always4, this.always6);
  }

  cover(prefixes: PrefixList): void {
    for (let i = 0; i < prefixes.count4; i++) {
      const address = prefixes.addresses4[i]!;
      const length = prefixes.lengths4[i]!;
      if (length > MAX_LENGTH || !this.#networks.add(address, length)) continue;
      if (this.#networks.hasShorter(address, length)) continue;
      this.#raise4(address, length, BLOCK.DENIED);
    }
  }

  /** Ends DENIED wherever no other covered network holds it. Networks that are not covered are passed over. */
  uncover(prefixes: PrefixList): void {
    for (let i = 0; i < prefixes.count4; i++) {
      const address = prefixes.addresses4[i]!;
      const length = prefixes.lengths4[i]!;
      if (length > MAX_LENGTH || !this.#networks.delete(address, length)) continue;
      if (!this.#networks.hasShorter(address, length)) this.#undeny(address, length);
    }
  }

  /** Adds everything that `draft` has. */
  raise(draft: SourceIndex): void {
    for (let i = 0; i < draft.words4.length; i++) {
      if (draft.words4[i] !== this.words4[i]) raiseWord(this.words4, i, draft.words4[i]!);
    }
    raiseWords(this.touched4, draft.touched4);
    raiseWords(this.words6, draft.words6);
    this.#changed(this.always4 | draft.always4, this.always6 | draft.always6);
  }

  /**
   * Takes away what `draft` does not have and takes over its networks; `draft` is used up. The kernel may have blocked a
   * source since the draft was drawn up: the caller touches the dynamic entries again afterwards.
   */
  lower(draft: SourceIndex): void {
    lowerWords(this.touched4, draft.touched4);
    for (let i = 0; i < draft.words4.length; i++) {
      if (draft.words4[i] !== this.words4[i]) Atomics.store(this.words4, i, draft.words4[i]!);
    }
    lowerWords(this.words6, draft.words6);
    this.#networks = draft.#networks;
    this.#short4 = draft.#short4;
    this.#short6 = draft.#short6;
    this.#changed(this.always4, this.always6);
  }

  /** @returns whether the prefix was too short for the index */
  #touch4(owner: string, bit: IndexBit, address: number, length: number): boolean {
    if (length < SHORTEST4) {
      this.#short4.add(key(owner, bit, address, length));
      return true;
    }
    this.#raise4(address, length, bit === INDEX_BIT.HOST ? BLOCK.HOSTS : BLOCK.MIXED);
    return false;
  }

  #raise4(address: number, length: number, state: BlockState): void {
    const from = address >>> 8;
    if (length >= MAX_LENGTH) {
      raiseBlock(this.words4, from, state);
      setWord(this.touched4, from >>> 5, 1 << (from & 31));
      return;
    }
    const count = 2 ** (MAX_LENGTH - length);
    raiseBlocks(this.words4, from, count, state);
    setBits(this.touched4, from, count);
  }

  #touch6(owner: string, bit: IndexBit, word0: number, word1: number, length: number): boolean {
    if (length < SHORTEST6) {
      this.#short6.add(key(owner, bit, word0, length));
      return true;
    }
    if (length >= 48) {
      setNibble(this.words6, index6Nibble48(word0, word1, this.#seed), bit);
      return false;
    }
    const count = length >= 32 ? 1 : 2 ** (32 - length);
    for (let i = 0; i < count; i++) setNibble(this.words6, index6Nibble32(word0 + i, this.#seed), bit);
    return false;
  }

  #undeny(address: number, length: number): void {
    const covered = this.#networks.coveredInside(address, length);
    const from = address >>> 8;
    const count = 2 ** (MAX_LENGTH - length);
    if (count < BLOCKS_PER_WORD) {
      const open = ~covered[0]! & (2 ** count - 1);
      undenyBlocks(this.words4, from >>> 4, open << (from & 15));
      return;
    }
    for (let i = 0; i < count; i += BLOCKS_PER_WORD) {
      undenyBlocks(this.words4, (from + i) >>> 4, ~(covered[i >>> 5]! >>> (i & 31)) & 0xffff);
    }
  }
}

function raiseWords(live: Uint32Array, draft: Uint32Array): void {
  for (let i = 0; i < draft.length; i++) if (draft[i] !== 0) setWord(live, i, draft[i]!);
}

function lowerWords(live: Uint32Array, draft: Uint32Array): void {
  for (let i = 0; i < draft.length; i++) clearWord(live, i, ~draft[i]!);
}

function key(owner: string, bit: IndexBit, word: number, length: number): string {
  return `${owner} ${bit} ${word}/${length}`;
}

function bitsOf(short: ReadonlySet<string>): number {
  let bits = 0;
  for (const entry of short) bits |= Number(entry.split(' ')[1]);
  return bits;
}
