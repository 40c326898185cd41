// Writes docs/reference/ from the tables and schemas of src/: npm run docs
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const outfile = `${root}dist/docs/pages.js`;

await build({
  absWorkingDir: root,
  entryPoints: ['src/reference/pages.ts'],
  outfile,
  bundle: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
});
const { referencePages } = await import(outfile);

mkdirSync(`${root}docs/reference`, { recursive: true });
for (const [name, text] of Object.entries(await referencePages(readFileSync(`${root}configs/config.yaml`, 'utf8')))) {
  writeFileSync(`${root}docs/reference/${name}`, text);
}
