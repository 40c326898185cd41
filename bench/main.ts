/**
 * npm run bench [-- NAME... [--quick] [--json FILE] | --report FILE]: measures, prints a table, and ends with 1 when a benchmark failed or
 * found something judged wrongly. A target that is missed is a figure, not a failure.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { sweep } from '../test/support/owned.ts';
import { BENCHMARKS } from './benchmarks.ts';
import { type Figure, figure } from './figures.ts';
import type { RunDocument } from './report/document.ts';
import { writeReport } from './report/write.ts';
import { machine } from './support/machine.ts';
import { table } from './table.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, json: { type: 'string' }, report: { type: 'string' } },
});
if (values.report !== undefined) {
  writeReport(values.report);
  process.exit(0);
}
const unknown = positionals.filter((name) => !(name in BENCHMARKS));
if (unknown.length > 0) {
  console.error(`bench: no benchmark ${unknown.join(', ')}; there are ${Object.keys(BENCHMARKS).join(', ')}`);
  process.exit(2);
}

sweep();
const names = Object.keys(BENCHMARKS).filter((name) => positionals.length === 0 || positionals.includes(name));
const all: Figure[] = [];
const failed: string[] = [];
const started = performance.now();
for (const name of names) {
  const figures: Figure[] = [];
  const since = performance.now();
  try {
    const run = await BENCHMARKS[name]!();
    await run({
      quick: values.quick,
      report: (input) => figures.push(figure(input)),
      say: (text) => console.error(text),
    });
  } catch (error) {
    failed.push(name);
    console.error(`bench: ${name} failed:`, error);
  }
  all.push(...figures);
  if (figures.length > 0) console.log(`\n${table(figures)}`);
  console.error(`${name}: ${seconds(since)} s`);
}

const missed = all.filter(({ met }) => met === false);
const asked = all.filter(({ met }) => met !== null);
console.log(
  `\n${all.length} figures, ${asked.length - missed.length} of ${asked.length} targets reached; ${seconds(started)} s`,
);
if (values.quick) console.log('A quick run proves that the benchmarks work; its figures mean little.');
if (values.json !== undefined) {
  const document: RunDocument = {
    version: 1,
    at: new Date().toISOString(),
    quick: values.quick,
    machine: machine(),
    figures: all,
  };
  writeFileSync(values.json, `${JSON.stringify(document, null, 2)}\n`);
}
if (failed.length > 0) console.log(`failed: ${failed.join(', ')}`);
process.exit(failed.length > 0 ? 1 : 0);

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}
