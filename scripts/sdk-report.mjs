// Writes docs/reference/sdk.api.md, the signatures of everything that `import ... from 'netxfw'` gives: npm run docs
//   node scripts/sdk-report.mjs [--check]    only compares, and exits 1 when they differ
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';

const root = fileURLToPath(new URL('..', import.meta.url));
const check = process.argv.includes('--check');

/** Types that the report may leave out: what is behind a schema, and the insides of the mock. */
const HIDDEN = ['ConfigSchema', 'MemoryDataPlane', 'Capacity', 'MapName'];

const types = ['--emitDeclarationOnly', '--sourceMap', 'false', '--outDir', 'dist/sdk-types'];
execFileSync('node_modules/.bin/tsc', ['-p', 'tsconfig.build.json', ...types], { cwd: root, stdio: 'inherit' });

const forgotten = [];
const { apiReportChanged, errorCount } = Extractor.invoke(
  ExtractorConfig.loadFileAndPrepare(`${root}scripts/api-extractor.json`),
  {
    localBuild: !check,
    messageCallback(message) {
      message.handled = message.logLevel !== 'error';
      if (message.messageId !== 'ae-forgotten-export') return;
      const name = /symbol "(\w+)"/.exec(message.text)?.[1] ?? message.text;
      if (!HIDDEN.includes(name)) forgotten.push(name);
    },
  },
);
if (forgotten.length > 0) console.error(`src/sdk/index.ts does not export ${[...new Set(forgotten)].join(', ')}`);
if (check && apiReportChanged)
  console.error('docs/reference/sdk.api.md is not what src/sdk exports; run: npm run docs');
process.exitCode = errorCount > 0 || forgotten.length > 0 || (check && apiReportChanged) ? 1 : 0;
