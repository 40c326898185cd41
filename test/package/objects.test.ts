import { mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { ownedDirectory } from '../support/owned.ts';
import { must } from '../support/process.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Kernel headers of both machines that packages are built for. */
const HEADERS = { amd64: '/usr/include/x86_64-linux-gnu', arm64: '/usr/aarch64-linux-gnu/include' };

const SOURCES = [
  'bpf/netxfw.bpf.c',
  'bpf/clock.bpf.c',
  'bpf/plugins/count_dns.bpf.c',
  'bpf/plugins/drop_payload.bpf.c',
];

async function compile(source: string, headers: string, directory: string): Promise<Buffer> {
  mkdirSync(directory, { recursive: true });
  const object = join(directory, `${basename(source)}.o`);
  const flags = ['-O2', '-g', '-target', 'bpf', '-mcpu=v3', '-Ibpf/include', '-Ibpf', '-idirafter', headers];
  await must(['clang', ...flags, '-c', source, '-o', object], { cwd: ROOT });
  await must(['llvm-strip', '-g', object]);
  return readFileSync(object);
}

/** Both are little-endian and every shared header is the generic one: one set of objects serves both packages. */
it.each(SOURCES)('%s compiles to the same object for x86-64 and arm64', async (source) => {
  const directory = ownedDirectory('objects');
  const [amd64, arm64] = await Promise.all(
    Object.entries(HEADERS).map(([arch, headers]) => compile(source, headers, join(directory, arch))),
  );
  expect(arm64!.equals(amd64!)).toBe(true);
});
