// Bundles bench/ into dist/bench/: Node.js 20 runs no TypeScript. Files lie flat and two directories below the checkout, like
// the modules that they come from, so that paths relative to a module stay true.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

await build({
  absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
  entryPoints: { main: 'bench/main.ts' },
  outdir: 'dist/bench',
  outExtension: { '.js': '.mjs' },
  chunkNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: 'inline',
  sourcesContent: false,
  logLevel: 'warning',
});
