import fc from 'fast-check';

/** Something that befalls a file. */
export interface Damage {
  readonly kind: 'cut' | 'flip' | 'zeros' | 'noise' | 'doubled';
  /** Where, as a share of the file. */
  readonly at: number;
  /** How much, as a share of the rest. */
  readonly length: number;
  readonly bit: number;
  readonly noise: number;
}

const share = fc.nat(9999).map((n) => n / 10_000);

/** Mostly what disks and power failures do: a file that ends too early, a bit that is another one, blocks of zeros. */
export const damage: fc.Arbitrary<Damage> = fc.record({
  kind: fc.constantFrom('cut', 'cut', 'flip', 'flip', 'flip', 'zeros', 'noise', 'doubled'),
  at: share,
  length: share,
  bit: fc.nat(7),
  noise: fc.nat(),
});

/** The bytes after it; the same ones when it happens to change nothing. */
export function damagedBytes(bytes: Buffer, { kind, at, length, bit, noise }: Damage): Buffer {
  const from = Math.min(Math.floor(at * bytes.length), Math.max(0, bytes.length - 1));
  const to = Math.min(bytes.length, from + 1 + Math.floor(length * (bytes.length - from)));
  if (kind === 'cut') return bytes.subarray(0, from);
  if (kind === 'doubled') return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  const changed = Buffer.from(bytes);
  if (kind === 'flip') changed[from]! ^= 1 << bit;
  else if (kind === 'zeros') changed.fill(0, from, to);
  else
    for (let i = from, state = noise | 1; i < to; i++)
      changed[i] = state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 8;
  return changed;
}
