import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout: this code may run from its source or bundled in dist/bench. */
export const ROOT = rootAbove(dirname(fileURLToPath(import.meta.url)));

function rootAbove(directory: string): string {
  if (existsSync(join(directory, 'bench/bpf'))) return directory;
  if (directory === dirname(directory)) throw new Error('this code lies in no checkout of netxfw');
  return rootAbove(dirname(directory));
}

/** A compiled object of bench/bpf. */
export const benchObject = (name: string): string => join(ROOT, 'dist/bench', `${name}.bpf.o`);
