// Bundles the CLI into dist/cli/: few files on the way to a running daemon, because every command waits for them.
// Chunks lie flat in dist/cli/, one directory under dist/ like the modules they come from, so that paths relative to
// a module stay true. Packages stay outside: a command loads only those that it needs.
import { renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = `${root}dist/cli`;
const outdir = `${target}.new`;

rmSync(outdir, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: {
    main: 'src/cli/main.ts',
    reference: 'src/cli/reference.ts',
    man: 'src/cli/man.ts',
    'plugin-worker': 'src/plugins/worker.ts',
    plugin: 'src/plugins/index.ts',
  },
  outdir,
  chunkNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'warning',
});
// Swapped at the end, so that a command that starts meanwhile finds the old bundle or the new one.
rmSync(target, { recursive: true, force: true });
renameSync(outdir, target);
