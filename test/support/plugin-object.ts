import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { arch } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** Compiles a BPF plugin of a test's own. @returns the object file */
export function compilePlugin(directory: string, name: string, source: string): string {
  const file = join(directory, `${name}.c`);
  const object = join(directory, `${name}.o`);
  writeFileSync(file, source);
  const machine = { x64: 'x86_64', arm64: 'aarch64' }[arch() as string] ?? arch();
  const include = ['-I', join(ROOT, 'bpf/include'), '-idirafter', `/usr/include/${machine}-linux-gnu`];
  execFileSync('clang', ['-O2', '-g', '-target', 'bpf', '-mcpu=v3', ...include, '-c', file, '-o', object]);
  return object;
}
