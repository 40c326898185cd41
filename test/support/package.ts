import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { must } from './process.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OUT = join(ROOT, 'dist/test-package');

/** The Debian package of this checkout; built once for all tests, and again after a build. */
export async function debianPackage(): Promise<string> {
  const built = newest();
  if (built !== null && statSync(built).mtimeMs > statSync(join(ROOT, 'dist/.built')).mtimeMs) return built;
  await must([join(ROOT, 'scripts/package-deb.sh'), '--out', OUT], { timeout: 600_000, cwd: ROOT });
  return newest()!;
}

function newest(): string | null {
  if (!existsSync(OUT)) return null;
  const name = readdirSync(OUT).find((file) => file.endsWith('.deb'));
  return name === undefined ? null : join(OUT, name);
}
