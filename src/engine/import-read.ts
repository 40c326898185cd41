import { type EntryGroup, LISTS, type ListName } from '../model/entries.ts';
import { NetxfwError } from '../model/errors.ts';
import { NO_RECORDS, POLICY_KINDS, type PolicyRecords } from '../model/policy-records.ts';
import { readPolicy } from '../store/policy-json.ts';
import { parseRuleCsv } from '../store/rule-csv.ts';
import { type DocumentFormat, parseRuleDocument } from '../store/rule-document.ts';
import { formatOfData } from '../store/rule-format.ts';
import { type ParsedText, parseRuleText } from '../store/rule-text.ts';
import type { Lists } from '../store/store.ts';
import type { ImportOptions } from './import.ts';
import { checkReason, expiryOf } from './input.ts';
import { CONFIG_SOURCE } from './table.ts';

export const IMPORT_SOURCE = 'import';

export type InvalidLines = Pick<ParsedText, 'invalid' | 'invalidLines'>;

/** What the data says, in one form whatever its format. */
export interface ImportData {
  readonly lists: Readonly<Record<ListName, readonly EntryGroup[]>>;
  readonly policy: PolicyRecords;
  readonly invalid: InvalidLines;
  readonly notices: string[];
}

interface Reading extends ImportOptions {
  readonly name: string;
  readonly now: number;
  /** By the options; null = none. */
  readonly expiresAt: number | null;
}

const ALL_VALID: InvalidLines = { invalid: 0, invalidLines: [] };

/** @throws NetxfwError INVALID_INPUT, INVALID_DURATION */
export function readImport(data: Uint8Array, options: ImportOptions, now: number): ImportData {
  const name = options.name ?? 'the data';
  const reading = { ...options, name, now, expiresAt: expiryOf(options.ttl, now) };
  refusePacked(data, name);
  const format = options.format ?? formatOfData(data);
  if (format === 'text') return readText(data, reading);
  if (format === 'csv') return readCsv(data, reading);
  return readDocument(data, format, reading);
}

function readText(data: Uint8Array, { list, name, reason = '', now, expiresAt }: Reading): ImportData {
  if (list === undefined) {
    throw new NetxfwError('INVALID_INPUT', `${name} is text, which does not say for which list it is`, {
      hint: `Name the list: ${LISTS.join(' or ')}.`,
    });
  }
  const { prefixes, invalid, invalidLines, masked, firstMasked } = parseRuleText(data);
  const notices = maskedNotice(masked, firstMasked);
  if (prefixes.size === 0 && invalid === 0) notices.push(`${name} holds no addresses`);
  const meta = { reason, createdAt: now - (now % 1000), expiresAt, source: IMPORT_SOURCE };
  return { lists: only(list, [{ prefixes, meta }]), policy: NO_RECORDS, invalid: { invalid, invalidLines }, notices };
}

function readCsv(data: Uint8Array, reading: Reading): ImportData {
  const { list, name, reason = '', now, expiresAt } = reading;
  const meta = { reason, createdAt: now - (now % 1000), expiresAt, source: IMPORT_SOURCE };
  const { lists, sections, invalid, invalidLines, masked, firstMasked } = parseRuleCsv(data, name, { list, meta });
  const notices = maskedNotice(masked, firstMasked);
  const policy = policyIn(sections, name);
  return { ...choose(lists, policy, reading, notices), invalid: { invalid, invalidLines }, notices };
}

function readDocument(data: Uint8Array, format: DocumentFormat, reading: Reading): ImportData {
  const { lists, policy } = parseRuleDocument(data, format, reading.name);
  const notices: string[] = [];
  return { ...choose(lists, policy, reading, notices), invalid: ALL_VALID, notices };
}

function policyIn(sections: Parameters<typeof readPolicy>[0], name: string): PolicyRecords {
  try {
    return readPolicy(sections);
  } catch (error) {
    throw new NetxfwError('INVALID_INPUT', `${name}: ${NetxfwError.from(error).message}`, { cause: error });
  }
}

/** What of the data is asked for and still holds; what is left out is said. */
function choose(
  lists: Lists,
  policy: PolicyRecords,
  reading: Reading,
  notices: string[],
): Pick<ImportData, 'lists' | 'policy'> {
  const { list, name } = reading;
  if (list === undefined) {
    return {
      lists: { allow: valid(lists.allow, reading, notices), deny: valid(lists.deny, reading, notices) },
      policy,
    };
  }
  for (const other of LISTS) {
    const left = lists[other].reduce((sum, { prefixes }) => sum + prefixes.size, 0);
    if (other !== list && left > 0) notices.push(`${left} entries of the ${other} list in ${name} are left out`);
  }
  const left = POLICY_KINDS.reduce((sum, kind) => sum + policy[kind].length, 0);
  if (left > 0) notices.push(`${left} limits, open ports and rules for ports in ${name} are left out`);
  return { lists: only(list, valid(lists[list], reading, notices)), policy: NO_RECORDS };
}

function valid(groups: readonly EntryGroup[], reading: Reading, notices: string[]): EntryGroup[] {
  const { name, now, ttl, expiresAt } = reading;
  let ended = 0;
  const kept = groups.flatMap(({ prefixes, meta }): EntryGroup[] => {
    const expires = ttl === undefined ? meta.expiresAt : expiresAt;
    if (expires !== null && expires <= now) {
      ended += prefixes.size;
      return [];
    }
    const source = meta.source === CONFIG_SOURCE ? IMPORT_SOURCE : meta.source;
    const reason = reading.reason ?? checkReason(meta.reason);
    return [{ prefixes, meta: { reason, createdAt: meta.createdAt, expiresAt: expires, source } }];
  });
  if (ended > 0) notices.push(`${ended} entries in ${name} have expired and are left out`);
  return kept;
}

function only(list: ListName, groups: readonly EntryGroup[]): ImportData['lists'] {
  return { allow: [], deny: [], [list]: groups };
}

function maskedNotice(masked: number, first: string | null): string[] {
  return masked === 0 ? [] : [`${masked} ${masked === 1 ? 'line has' : 'lines have'} host bits, taken as: ${first}`];
}

/** Compressed data would read as thousands of invalid lines. */
export function refusePacked(data: Uint8Array, name: string): void {
  const gzip = data[0] === 0x1f && data[1] === 0x8b;
  const zstd = data[0] === 0x28 && data[1] === 0xb5 && data[2] === 0x2f && data[3] === 0xfd;
  const zip = data[0] === 0x50 && data[1] === 0x4b && data[2] === 0x03 && data[3] === 0x04;
  if (!gzip && !zstd && !zip) return;
  throw new NetxfwError('INVALID_INPUT', `${name} is compressed`, { hint: 'Unpack it first.' });
}
