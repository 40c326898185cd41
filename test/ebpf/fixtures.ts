import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { arch, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MACHINE = { x64: 'x86_64', arm64: 'aarch64' }[arch() as string] ?? arch();

export interface Fixtures extends Disposable {
  /** A directory of the test's own, removed with the fixtures. */
  readonly directory: string;
  /** Path of the compiled object. */
  readonly object: (name: 'basic' | 'rejected') => string;
}

/** Compiles the C programs of this folder into a directory of the test's own. */
export function compileFixtures(...names: readonly ('basic' | 'rejected')[]): Fixtures {
  const directory = mkdtempSync(join(tmpdir(), 'ebpf-'));
  const object = (name: string) => join(directory, `${name}.bpf.o`);
  for (const name of names) {
    const source = fileURLToPath(new URL(`fixtures/${name}.bpf.c`, import.meta.url));
    const target = [
      '-O2',
      '-g',
      '-Wall',
      '-Werror',
      '-target',
      'bpf',
      '-mcpu=v3',
      `-I/usr/include/${MACHINE}-linux-gnu`,
    ];
    execFileSync('clang', [...target, '-c', source, '-o', object(name)], { stdio: ['ignore', 'inherit', 'inherit'] });
  }
  return { directory, object, [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }) };
}
