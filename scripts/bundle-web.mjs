// Builds the web UI into dist/web/, with each text file compressed beside it so that the daemon never has to.
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, gzipSync } from 'node:zlib';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = `${root}dist/web`;
const outDir = `${target}.new`;

await build({ root: `${root}web`, configFile: `${root}web/vite.config.ts`, logLevel: 'warn', build: { outDir } });
for (const name of readdirSync(outDir, { recursive: true })) {
  if (!/\.(js|css|svg)$/.test(name)) continue;
  const file = join(outDir, name);
  writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: constants.Z_BEST_COMPRESSION }));
}
// Swapped at the end, so that a page that is loaded meanwhile finds the old files or the new ones.
rmSync(target, { recursive: true, force: true });
renameSync(outDir, target);
