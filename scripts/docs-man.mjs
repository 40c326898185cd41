// Writes the man pages of the built CLI into a directory: node scripts/docs-man.mjs DIRECTORY
// The day of the edition is SOURCE_DATE_EPOCH (seconds), or today.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manPages } from '../dist/cli/man.js';

const directory = process.argv[2];
if (directory === undefined) {
  console.error('usage: node scripts/docs-man.mjs DIRECTORY');
  process.exit(2);
}
const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const { version } = JSON.parse(read('package.json'));
const epoch = process.env.SOURCE_DATE_EPOCH;
const date = (epoch === undefined ? new Date() : new Date(Number(epoch) * 1000)).toISOString().slice(0, 10);

mkdirSync(directory, { recursive: true });
for (const { file, text } of await manPages({ version, date }, read('configs/config.yaml'))) {
  writeFileSync(join(directory, file), text);
}
