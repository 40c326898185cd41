import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../..');
const cache = join(root, 'node_modules/.cache/netxfw');

export interface BuiltPrograms extends Disposable {
  readonly workerFile: URL;
  readonly library: URL;
}

/** Bundles what a plugin's thread runs, as the build does, for tests that run the sources. Inside the checkout, for its packages. */
export async function buildPluginPrograms(): Promise<BuiltPrograms> {
  mkdirSync(cache, { recursive: true });
  const outdir = mkdtempSync(join(cache, 'plugins-'));
  await build({
    absWorkingDir: root,
    entryPoints: { 'plugin-worker': 'src/plugins/worker.ts', plugin: 'src/plugins/index.ts' },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  return {
    workerFile: pathToFileURL(join(outdir, 'plugin-worker.mjs')),
    library: pathToFileURL(join(outdir, 'plugin.mjs')),
    [Symbol.dispose]: () => rmSync(outdir, { recursive: true, force: true }),
  };
}

/** Waits until it holds, looking often. */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  patience = 30_000,
): Promise<void> {
  const end = Date.now() + patience;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${patience} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
