/** Numbers that look random and are the same for the same seed (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 <= x < 1 */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number, both ends included. */
  integer(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.next() * items.length)]!;
  }

  /** Text of any code points, lone surrogates included. */
  text(longest: number): string {
    const units = Array.from({ length: this.integer(0, longest) }, () =>
      this.chance(0.7) ? this.integer(0x20, 0x7e) : this.integer(0, 0xffff),
    );
    return String.fromCharCode(...units);
  }

  bytes(longest: number): Buffer {
    return Buffer.from(Array.from({ length: this.integer(0, longest) }, () => this.integer(0, 255)));
  }
}
