import { tunablesCodec } from './layout.ts';

export type TunableValues = ReturnType<typeof tunablesCodec.decode>;

/** The one element of the map `tunables`: values that the kernel program reads for every packet. Written in place. */
export class Tunables {
  readonly #view: DataView;
  readonly #words64: BigUint64Array;

  /** @param memory of the map */
  constructor(memory: ArrayBuffer) {
    this.#view = new DataView(memory);
    this.#words64 = new BigUint64Array(memory, 0, Math.floor(tunablesCodec.size / 8));
  }

  get(): TunableValues {
    return tunablesCodec.read(this.#view, 0);
  }

  /**
   * As `set`, for values that packets are judged by meanwhile: a bucket is deeper for a moment rather than emptier.
   * @returns what takes it back
   */
  follow(values: Partial<TunableValues>): () => void {
    const before = this.get();
    const names = Object.keys(values) as (keyof TunableValues)[];
    const shrinks = (name: keyof TunableValues) => name.endsWith('Depth') && values[name]! < before[name];
    const order = (name: keyof TunableValues) => (shrinks(name) ? 2 : name.endsWith('Depth') ? 0 : 1);
    const pick = (from: Partial<TunableValues>, sorted: (keyof TunableValues)[]) =>
      Object.fromEntries(sorted.map((name) => [name, from[name]])) as Partial<TunableValues>;
    this.set(
      pick(
        values,
        names.toSorted((a, b) => order(a) - order(b)),
      ),
    );
    return () => this.set(pick(before, names));
  }

  /** Sets the named values; each is seen whole by the kernel, one after the other. */
  set(values: Partial<TunableValues>): void {
    for (const name of Object.keys(values) as (keyof TunableValues)[]) {
      const { offset, size } = tunablesCodec.fields[name];
      const value = values[name]!;
      if (value instanceof BigUint64Array) this.#words64.set(value, offset / 8);
      else if (size === 8) this.#words64[offset / 8] = BigInt(Math.round(value));
      else if (size === 4) new Uint32Array(this.#view.buffer)[offset / 4] = value;
      else this.#view.setUint8(offset, value);
    }
  }
}
