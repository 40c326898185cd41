import { hosts4Hash, loaded, secondHash } from './hash.ts';
import { HostsTable } from './hosts-table.ts';

/** lock_hosts4: sixteen addresses to a bucket. */
export class HostsTable4 extends HostsTable {
  #key = 0;

  constructor(words: Uint32Array, seed: number, settle: () => void = () => {}) {
    super(1, words, seed, settle);
  }

  protected stage(columns: Uint32Array, index: number): void {
    this.#key = loaded(columns[index]!);
  }

  protected stageSlot(at: number): void {
    this.#key = this.words[at]!;
  }

  protected hash(): number {
    return hosts4Hash(this.#key, this.seed);
  }

  protected fetch(columns: Uint32Array, from: number, count: number, both: boolean): number {
    const { words, ones, twos, seed } = this;
    let seen = 0;
    for (let i = 0; i < count; i++) {
      const first = hosts4Hash(loaded(columns[from + i]!), seed);
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
    for (let at = from; at < to; at++) if (words[at] === key) return at;
    return -1;
  }

  protected write(at: number): void {
    this.words[at] = this.#key;
  }

  protected clear(at: number): void {
    this.words[at] = 0;
  }

  protected used(at: number): boolean {
    return this.words[at] !== 0;
  }

  protected get zero(): boolean {
    return this.#key === 0;
  }

  protected read(at: number, columns: Uint32Array, index: number): void {
    columns[index] = loaded(this.words[at]!);
  }
}
