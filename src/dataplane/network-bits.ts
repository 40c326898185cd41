/** Longest prefix that a block of src_index4 can stand for. */
export const MAX_LENGTH = 24;

/**
 * The set of permanent denied IPv4 networks up to /24 as one bit each: an implicit binary tree whose node for a /n is bit
 * 2^n + the network's first n bits. Four megabytes whatever it holds (touched page by page), every question a few reads.
 * Addresses are in host order.
 */
export class NetworkBits {
  readonly #words = new Uint32Array(2 ** (MAX_LENGTH + 1 - 5));
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(address: number, length: number): boolean {
    const node = nodeOf(address, length);
    return ((this.#words[node >>> 5]! >>> (node & 31)) & 1) === 1;
  }

  /** @returns whether it was absent */
  add(address: number, length: number): boolean {
    if (this.has(address, length)) return false;
    const node = nodeOf(address, length);
    this.#words[node >>> 5]! |= 1 << (node & 31);
    this.#size++;
    return true;
  }

  /** @returns whether it was there */
  delete(address: number, length: number): boolean {
    if (!this.has(address, length)) return false;
    const node = nodeOf(address, length);
    this.#words[node >>> 5]! &= ~(1 << (node & 31));
    this.#size--;
    return true;
  }

  /** True when a network of the set that is shorter than `length` contains it. */
  hasShorter(address: number, length: number): boolean {
    const words = this.#words;
    for (let node = nodeOf(address, length) >>> 1; node > 0; node >>>= 1) {
      if (((words[node >>> 5]! >>> (node & 31)) & 1) === 1) return true;
    }
    return false;
  }

  /**
   * Which /24s inside the network are covered by longer networks of the set: bit i % 32 of word i / 32 for the i-th. The
   * last word's unused bits are zero. Goes down level by level, 32 nodes at a time.
   */
  coveredInside(address: number, length: number): Uint32Array {
    let covered: Uint32Array = new Uint32Array(1);
    for (let level = length + 1; level <= MAX_LENGTH; level++) {
      const count = 2 ** (level - length);
      const node = nodeOf(address, level);
      if (count <= 32) {
        const mask = count === 32 ? 0xffffffff : (1 << count) - 1;
        covered[0] = (doubled(covered[0]!) | (this.#words[node >>> 5]! >>> (node & 31))) & mask;
        continue;
      }
      const next = new Uint32Array(count / 32);
      for (let i = 0; i < next.length; i++) {
        const half = (covered[i >>> 1]! >>> ((i & 1) * 16)) & 0xffff;
        next[i] = doubled(half) | this.#words[(node >>> 5) + i]!;
      }
      covered = next;
    }
    return covered;
  }
}

function nodeOf(address: number, length: number): number {
  return length === 0 ? 1 : 2 ** length + (address >>> (32 - length));
}

/** Every bit of the lower half twice: 0b101 -> 0b110011. */
function doubled(half: number): number {
  let bits = half & 0xffff;
  bits = (bits | (bits << 8)) & 0x00ff00ff;
  bits = (bits | (bits << 4)) & 0x0f0f0f0f;
  bits = (bits | (bits << 2)) & 0x33333333;
  bits = (bits | (bits << 1)) & 0x55555555;
  return bits | (bits << 1);
}
