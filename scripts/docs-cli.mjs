// Writes docs/reference/cli.md from the command table of the built CLI: npm run build && node scripts/docs-cli.mjs
import { mkdirSync, writeFileSync } from 'node:fs';
import { referencePage } from '../dist/cli/reference.js';

const file = new URL('../docs/reference/cli.md', import.meta.url);
mkdirSync(new URL('.', file), { recursive: true });
writeFileSync(file, await referencePage());
