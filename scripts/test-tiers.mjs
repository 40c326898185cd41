// Runs lint and the tiers of test/tiers.json one after another, whatever fails, and ends with one line per tier and
// a total, and with what failed, so that the last lines of a run tell it. A tier without a test, or a privileged tier in which nothing ran or anything was skipped, has failed.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const root = new URL('..', import.meta.url).pathname;
const tiers = JSON.parse(readFileSync(join(root, 'test/tiers.json'), 'utf8'));
const wanted = process.argv.slice(2);
/** Named at the end, of each tier; all of them stand above. */
const MOST_FAILURES = 10;
const reports = mkdtempSync(join(tmpdir(), 'netxfw-test-'));

/** Ctrl-C reaches the children too; they clean up, then this process reports and ends. */
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    interrupted = true;
  });
}

function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit' });
    child.on('error', () => resolve(false));
    child.on('exit', (code) => resolve(code === 0));
  });
}

async function runLint() {
  const started = Date.now();
  const ok = await run('scripts/lint.sh', []);
  return { name: 'lint', passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, failures: [], ok, started, problem: '' };
}

function readReport(file) {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    const failures = report.testResults.flatMap(failuresOf);
    return {
      passed: report.numPassedTests,
      failed: failures.length,
      skipped: report.numPendingTests + report.numTodoTests,
      failures,
    };
  } catch {
    return { passed: 0, failed: 0, skipped: 0, failures: [] };
  }
}

/** What failed in a file: its tests, or the file itself when it could not run them or clean up after them. */
function failuresOf({ name, status, message, assertionResults }) {
  const file = relative(root, name);
  const line = (text = '') =>
    text
      .split('\n')
      .find((one) => one.trim() !== '')
      ?.trim()
      .slice(0, 200) ?? 'no message';
  const tests = assertionResults
    .filter((test) => test.status === 'failed')
    .map((test) => `${file} > ${test.fullName}: ${line(test.failureMessages[0])}`);
  return status === 'failed' && tests.length === 0 ? [`${file}: ${line(message)}`] : tests;
}

async function runTier({ name, privileged }) {
  const started = Date.now();
  const file = join(reports, `${name}.json`);
  const exitOk = await run('node_modules/.bin/vitest', [
    'run',
    `--project=${name}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  const counts = readReport(file);
  let problem = '';
  if (counts.passed + counts.failed === 0) problem = 'no test ran';
  else if (privileged && counts.skipped > 0) problem = 'a privileged tier must not skip';
  else if (!exitOk && counts.failed === 0) problem = 'the test runner failed';
  return { name, ...counts, ok: exitOk && problem === '', started, problem };
}

function row({ name, passed, failed, skipped, ok, seconds, problem }) {
  const counts = `${passed} passed, ${failed} failed, ${skipped} skipped`;
  return `${ok ? 'ok  ' : 'FAIL'} ${name.padEnd(10)} ${counts} (${seconds} s)${problem && `: ${problem}`}`;
}

const results = [];
const steps = tiers.filter(({ name }) => wanted.length === 0 || wanted.includes(name)).map((t) => () => runTier(t));
if (wanted.length === 0) steps.unshift(runLint);
for (const step of steps) {
  if (interrupted) break;
  const result = await step();
  results.push({ ...result, seconds: Math.round((Date.now() - result.started) / 1000) });
}
rmSync(reports, { recursive: true, force: true });

console.log(`\n${results.map(row).join('\n')}`);
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
const broken = results.filter((result) => !result.ok);
if (interrupted) console.log('interrupted');
for (const { failures } of broken) for (const failure of failures.slice(0, MOST_FAILURES)) console.log(`  ${failure}`);
if (broken.length > 0) console.log(`failed: ${broken.map((result) => result.name).join(', ')}`);
console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
process.exit(broken.length > 0 || interrupted ? 1 : 0);
