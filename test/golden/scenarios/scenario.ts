import type { Host } from '../../../src/cli/host.ts';
import type { Fakes } from '../../support/fake-netxfw.ts';
import type { RunOptions } from '../cli.ts';

/** Command lines, and what stands before them; what they print is kept in files/NAME.txt. */
export interface Scenario {
  readonly name: string;
  /** Run before, without being recorded. */
  readonly given?: readonly string[];
  readonly lines: readonly string[];
  readonly options?: RunOptions;
  readonly host?: Partial<Host>;
  readonly fakes?: Fakes;
  /** Milliseconds between what was given and what is recorded. */
  readonly later?: number;
  readonly traffic?: readonly (readonly [source: string, bytes: number])[];
}
