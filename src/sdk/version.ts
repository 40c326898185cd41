import { readFileSync } from 'node:fs';

let known: string | undefined;

/** Version of this installation, from its package.json: above this file, however deep the build has put it. */
export function packageVersion(): string {
  known ??= findVersion(new URL('./', import.meta.url));
  return known;
}

function findVersion(from: URL): string {
  for (let directory = from; ; directory = new URL('../', directory)) {
    const found = readVersion(new URL('package.json', directory));
    if (found !== undefined) return found;
    if (directory.pathname === '/') return '0.0.0';
  }
}

function readVersion(file: URL): string | undefined {
  try {
    const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string };
    return name === 'netxfw' ? version : undefined;
  } catch {
    return undefined;
  }
}
