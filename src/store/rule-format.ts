import type { RuleFormat } from '../model/rules.ts';
import { looksBinary } from './rule-binary.ts';
import { looksLikeCsv } from './rule-csv.ts';

/** What data looks like: text unless it has the marks of another format. */
export function formatOfData(data: Uint8Array): RuleFormat {
  if (looksBinary(data)) return 'binary';
  const start = firstByte(data);
  if (data[start] === 0x7b) return 'json';
  const beginning = Buffer.from(data.buffer, data.byteOffset + start, Math.min(4096, data.length - start)).toString();
  if (/^(---|%YAML|(#[^\n]*\n|\s*\n)*(format|version|groups):)/.test(beginning)) return 'yaml';
  return looksLikeCsv(data) ? 'csv' : 'text';
}

/** Behind a byte order mark and white space. */
function firstByte(data: Uint8Array): number {
  let i = data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf ? 3 : 0;
  while (data[i] === 0x20 || data[i] === 0x09 || data[i] === 0x0a || data[i] === 0x0d) i++;
  return i;
}
