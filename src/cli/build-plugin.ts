import { execFile } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { arch } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NetxfwError } from '../model/errors.ts';

export interface BuildOptions {
  readonly source: string;
  readonly output: string;
  readonly clang: string;
}

const MACHINES: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };

/**
 * Compiles a plugin as the firewall's own programs are; the object appears only when it is whole.
 * @throws NetxfwError FILE_NOT_FOUND, INVALID_INPUT with what the compiler says
 */
export async function buildPlugin({ source, output, clang }: BuildOptions): Promise<{ readonly warnings: string[] }> {
  if (!existsSync(source)) throw new NetxfwError('FILE_NOT_FOUND', `there is no file ${source}`);
  const include = includeDirectory();
  const temporary = `${output}.tmp`;
  const said = await run(clang, [
    ...['-O2', '-g', '-target', 'bpf', '-mcpu=v3', '-Wall', '-Wextra'],
    ...['-I', include, '-I', dirname(include)],
    // The kernel's <asm/...> headers live in the multiarch directory, which clang does not search for this target.
    ...['-idirafter', `/usr/include/${MACHINES[arch()] ?? arch()}-linux-gnu`],
    ...['-c', source, '-o', temporary],
  ]).catch((error) => {
    rmSync(temporary, { force: true });
    throw error;
  });
  renameSync(temporary, output);
  return { warnings: said.trim() === '' ? [] : said.trim().split('\n') };
}

/** bpf/include of the checkout or package that this code, compiled or not, belongs to. */
function includeDirectory(): string {
  for (let current = dirname(fileURLToPath(import.meta.url)); ; current = dirname(current)) {
    const path = join(current, 'bpf', 'include');
    if (existsSync(join(path, 'netxfw_plugin.h'))) return path;
    if (current === dirname(current)) throw new NetxfwError('OBJECT_MISSING', 'bpf/include/netxfw_plugin.h is missing');
  }
}

function run(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout + stderr);
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        const hint = 'Install it: apt-get install clang libbpf-dev linux-libc-dev';
        return reject(new NetxfwError('FILE_NOT_FOUND', `there is no compiler ${program}`, { hint, cause: error }));
      }
      const text = stderr.trim();
      const first = text.split('\n').find((line) => line.includes('error:')) ?? error.message;
      reject(
        new NetxfwError('INVALID_INPUT', `it does not compile: ${first}`, { details: { output: text }, cause: error }),
      );
    });
  });
}
