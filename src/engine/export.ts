import { type EntryGroup, LISTS, type ListName } from '../model/entries.ts';
import { NetxfwError } from '../model/errors.ts';
import { NO_RECORDS, type PolicyRecords } from '../model/policy-records.ts';
import { RULE_FORMATS, type RuleFormat } from '../model/rules.ts';
import { MAX_PREFIX_BYTES, writePrefix4, writePrefix6 } from '../store/address-bytes.ts';
import { sectionsOf } from '../store/policy-json.ts';
import { encodeBinary } from '../store/rule-binary.ts';
import { encodeCsv } from '../store/rule-csv.ts';
import { encodeYaml } from '../store/rule-yaml.ts';
import { encodeDocument, FORMAT, headOf, VERSION } from '../store/rules-document.ts';
import type { Lists } from '../store/store.ts';
import type { EngineCore } from './core.ts';
import { checkList } from './input.ts';
import { storedRecords } from './policy-state.ts';

const CHUNK = 256 * 1024;

export interface ExportOptions {
  readonly list?: ListName;
  readonly format?: RuleFormat;
}

const ENCODERS: Record<Exclude<RuleFormat, 'text'>, (lists: Lists, policy: PolicyRecords) => Generator<Uint8Array>> = {
  json: (lists, policy) => encodeDocument(`"format":"${FORMAT}","version":${VERSION}`, lists, policy),
  yaml: (lists, policy) => encodeYaml(lists, sectionsOf(policy)),
  csv: (lists, policy) => encodeCsv(lists, sectionsOf(policy)),
  binary: (lists, policy) => encodeBinary(lists, sectionsOf(policy)),
};

/**
 * The rules as bytes, in chunks, as they are at the moment of the call: JSON by default when both lists are wanted, text
 * when one is. Text holds the addresses of one list, with the metadata in comments; the others hold everything, and when no
 * list is named also the limits, open ports and rules for ports that commands have made.
 */
export function exportRules(core: EngineCore, options: ExportOptions = {}): Generator<Uint8Array> {
  const only = options.list === undefined ? undefined : checkList(options.list);
  const format = options.format ?? (only === undefined ? 'json' : 'text');
  if (!RULE_FORMATS.includes(format)) {
    throw new NetxfwError('INVALID_INPUT', `"${format}" is not an export format`, {
      hint: `Use one of ${RULE_FORMATS.join(', ')}.`,
    });
  }
  const groups = core.table.groups();
  if (format !== 'text') {
    const lists: Lists = {
      allow: only === 'deny' ? [] : groups.allow,
      deny: only === 'allow' ? [] : groups.deny,
    };
    return ENCODERS[format](lists, only === undefined ? storedRecords(core.policy) : NO_RECORDS);
  }
  if (only === undefined) {
    throw new NetxfwError('INVALID_INPUT', 'a text export holds one list', {
      hint: `Name the list, ${LISTS.join(' or ')}, or export everything in another format.`,
    });
  }
  return encodeText(only, groups[only], core.now());
}

function* encodeText(list: ListName, groups: readonly EntryGroup[], now: number): Generator<Uint8Array> {
  const total = groups.reduce((sum, { prefixes }) => sum + prefixes.size, 0);
  yield Buffer.from(`# netxfw ${list} list, ${total} entries, ${new Date(now).toISOString()}\n`);
  for (const { prefixes, meta } of groups) {
    const { reason, created, expires, source } = headOf(meta);
    const parts = [`source: ${source}`, `created: ${created}`];
    if (expires !== null) parts.push(`expires: ${expires}`);
    if (reason !== '') parts.push(`reason: ${reason}`);
    yield Buffer.from(`# ${parts.join(', ')}\n`);
    let buffer = Buffer.allocUnsafe(CHUNK);
    let at = 0;
    for (let i = 0; i < prefixes.size; i++) {
      if (CHUNK - at <= MAX_PREFIX_BYTES) {
        yield buffer.subarray(0, at);
        buffer = Buffer.allocUnsafe(CHUNK);
        at = 0;
      }
      if (i < prefixes.count4) at = writePrefix4(buffer, at, prefixes.addresses4[i]!, prefixes.lengths4[i]!);
      else {
        const { words, length } = prefixes.at6(i - prefixes.count4);
        at = writePrefix6(buffer, at, words, length);
      }
      buffer[at++] = 0x0a;
    }
    yield buffer.subarray(0, at);
  }
}
