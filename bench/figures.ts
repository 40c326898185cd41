/** One measured number beside its baseline of the same run. */
export interface Figure {
  /** Dotted, most general part first: `packet.pass.ipv4.on.1M`. */
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  /** What the same run gave for `beside`; null when there is nothing to stand beside. */
  readonly baseline: number | null;
  /** value / baseline. */
  readonly ratio: number | null;
  /** In words, such as `<= baseline + 25`; null when nothing was asked for. */
  readonly target: string | null;
  readonly met: boolean | null;
  /** What the baseline is. */
  readonly beside: string | null;
  /** Why the target was missed, or what the number needs to be understood. */
  readonly note: string | null;
}

export interface Target {
  readonly text: string;
  readonly met: (value: number, baseline: number) => boolean;
}

export const atMost = (limit: number): Target => ({ text: `<= ${limit}`, met: (value) => value <= limit });
export const atLeast = (limit: number): Target => ({ text: `>= ${limit}`, met: (value) => value >= limit });
export const overBaseline = (more: number): Target => ({
  text: `<= baseline + ${more}`,
  met: (value, baseline) => value <= baseline + more,
});
export const shareAtMost = (share: number): Target => ({
  text: `<= ${Number(share.toFixed(2))} x baseline`,
  met: (value, baseline) => value <= baseline * share,
});
export const shareAtLeast = (share: number): Target => ({
  text: `>= ${share} x baseline`,
  met: (value, baseline) => value >= baseline * share,
});

export interface FigureInput {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly baseline?: number;
  readonly beside?: string;
  readonly target?: Target | undefined;
  readonly note?: string | undefined;
  /** Said only when the target is missed. */
  readonly shortfall?: string | undefined;
}

export function figure({ name, unit, value, baseline, beside, target, note, shortfall }: FigureInput): Figure {
  const met = target === undefined ? null : target.met(value, baseline ?? Number.NaN);
  const notes = [note, met === false ? shortfall : undefined].filter((text) => text !== undefined);
  return {
    name,
    unit,
    value: rounded(value),
    baseline: baseline === undefined ? null : rounded(baseline),
    ratio: baseline === undefined ? null : rounded(value / baseline),
    target: target?.text ?? null,
    met,
    beside: beside ?? null,
    note: notes.length > 0 ? notes.join('; ') : null,
  };
}

/** Four significant digits: more is noise. */
const rounded = (value: number): number => (Number.isInteger(value) ? value : Number(value.toPrecision(4)));

/** What a benchmark is given, and where its figures go. */
export interface Bench {
  /** Prove that it works, in seconds; the figures mean little. */
  readonly quick: boolean;
  report(input: FigureInput): void;
  /** A line for whoever watches. */
  say(text: string): void;
}

export type Benchmark = (bench: Bench) => Promise<void>;
