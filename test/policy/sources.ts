import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

const NOT_OURS = new Set(['node_modules', 'dist', '.git', 'coverage']);

/** All files of the checkout whose path matches, relative to its root, sorted. */
export function files(matching: RegExp): string[] {
  const walk = (directory: string): string[] =>
    readdirSync(join(ROOT, directory), { withFileTypes: true }).flatMap((entry) => {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : walk(path);
      return entry.isFile() && matching.test(path) ? [path] : [];
    });
  return walk('.').sort();
}

export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Lines as an editor counts them. */
export function lineCount(path: string): number {
  return read(path).replace(/\n$/, '').split('\n').length;
}

export interface Import {
  /** As written: `./rules.ts`, `node:fs`, `zod`. */
  readonly specifier: string;
  /** The imported file relative to the root, for relative imports. */
  readonly file: string | undefined;
  /** The package's name, for imports of packages; `node:` ones are not packages. */
  readonly package: string | undefined;
  /** Erased when compiled. */
  readonly typeOnly: boolean;
  /** `import()`: evaluated only where it is called. */
  readonly dynamic: boolean;
}

const STATIC = /^(import|export)\s+(type\s+)?(?:[^'"();]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
const DYNAMIC = /\bimport\(\s*['"]([^'"]+)['"]/g;

function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return undefined;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** What a TypeScript file imports, in its order. */
export function imports(path: string): Import[] {
  const text = read(path).replace(/^\s*(\/\/|\*).*$/gm, '');
  const make = (specifier: string, typeOnly: boolean, dynamic: boolean): Import => ({
    specifier,
    file: specifier.startsWith('.') ? relative('.', normalize(join(dirname(path), specifier))) : undefined,
    package: packageOf(specifier),
    typeOnly,
    dynamic,
  });
  return [
    ...[...text.matchAll(STATIC)].map((m) => make(m[3]!, m[2] !== undefined, false)),
    ...[...text.matchAll(DYNAMIC)].map((m) => make(m[1]!, false, true)),
  ];
}
