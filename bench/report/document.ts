import type { Figure } from '../figures.ts';
import type { Machine } from '../support/machine.ts';

/** What `--json FILE` writes. */
export interface RunDocument {
  readonly version: 1;
  /** ISO 8601. */
  readonly at: string;
  readonly quick: boolean;
  readonly machine: Machine;
  readonly figures: readonly Figure[];
}

/** Figures of one benchmark, by the rest of their names. */
export function figuresOf({ figures }: RunDocument, prefix: string): Map<string, Figure> {
  const own = figures.filter(({ name }) => name.startsWith(`${prefix}.`));
  return new Map(own.map((figure) => [figure.name.slice(prefix.length + 1), figure]));
}
