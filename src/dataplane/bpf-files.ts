import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NetxfwError } from '../model/errors.ts';

/**
 * Path of a compiled BPF object, `netxfw` or `clock`: in dist/bpf of the checkout or package that this code, compiled
 * or not, belongs to.
 * @throws NetxfwError OBJECT_MISSING
 */
export function bpfFile(name: string): string {
  const file = `${name}.bpf.o`;
  for (let current = dirname(fileURLToPath(import.meta.url)); ; current = dirname(current)) {
    const path = join(current, 'dist', 'bpf', file);
    if (existsSync(path)) return path;
    if (current === dirname(current)) throw new NetxfwError('OBJECT_MISSING', `there is no dist/bpf/${file}`);
  }
}
