import { hosts6Hash, loaded, secondHash } from './hash.ts';
import { HostsTable } from './hosts-table.ts';

/** lock_hosts6: four addresses to a bucket. */
export class HostsTable6 extends HostsTable {
  readonly #key = new Int32Array(4);

  constructor(words: Uint32Array, seed: number, settle: () => void = () => {}) {
    super(4, words, seed, settle);
  }

  protected stage(columns: Uint32Array, index: number): void {
    for (let i = 0; i < 4; i++) this.#key[i] = loaded(columns[index * 4 + i]!);
  }

  protected stageSlot(at: number): void {
    for (let i = 0; i < 4; i++) this.#key[i] = this.words[at + i]!;
  }

  protected hash(): number {
    const key = this.#key;
    return hosts6Hash(key[0]!, key[1]!, key[2]!, key[3]!, this.seed);
  }

  protected fetch(columns: Uint32Array, from: number, count: number, both: boolean): number {
    const { words, ones, twos } = this;
    let seen = 0;
    for (let i = 0; i < count; i++) {
      this.stage(columns, from + i);
      const first = this.hash();
      const one = this.bucketAt(first);
      const two = this.bucketAt(secondHash(first));
      ones[i] = one;
      twos[i] = two;
      seen ^= words[one]! ^ (both ? words[two]! : 0);
    }
    return seen;
  }

  protected scan(from: number, to: number): number {
    const { words } = this;
    const key = this.#key;
    const [a, b, c, d] = [key[0], key[1], key[2], key[3]];
    for (let at = from; at < to; at += 4) {
      if (words[at + 3] === d && words[at + 2] === c && words[at + 1] === b && words[at] === a) return at;
    }
    return -1;
  }

  /** Last word first: what the kernel may see half written begins with 32 zero bits, which no source address does. */
  protected write(at: number): void {
    const key = this.#key;
    for (let i = 3; i >= 0; i--) this.words[at + i] = key[i]!;
  }

  protected clear(at: number): void {
    for (let i = 0; i < 4; i++) this.words[at + i] = 0;
  }

  protected used(at: number): boolean {
    const { words } = this;
    return (words[at]! | words[at + 1]! | words[at + 2]! | words[at + 3]!) !== 0;
  }

  protected get zero(): boolean {
    const key = this.#key;
    return (key[0]! | key[1]! | key[2]! | key[3]!) === 0;
  }

  protected read(at: number, columns: Uint32Array, index: number): void {
    for (let i = 0; i < 4; i++) columns[index * 4 + i] = loaded(this.words[at + i]!);
  }
}
