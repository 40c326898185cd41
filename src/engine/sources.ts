import { claimsOf } from '../model/claims.ts';
import { type Claim, type EntryGroup, LISTS, type ListName } from '../model/entries.ts';
import { NetxfwError } from '../model/errors.ts';
import { PrefixList } from '../model/prefix-list.ts';
import { type Prefix, parsePrefix } from '../model/prefixes.ts';
import {
  SOURCE_NAME,
  type SourceCount,
  type SourceEntry,
  type SourceResult,
  type SourceUpdate,
} from '../model/sources.ts';
import { type ParsedText, parseRuleText } from '../store/rule-text.ts';
import { CONFIG_KEY } from './config-entries.ts';
import type { EngineCore } from './core.ts';
import { invalidLines, overlaps } from './import.ts';
import { refusePacked } from './import-read.ts';
import { checkList, checkReason, expiryOf } from './input.ts';
import { SourceChange } from './source-change.ts';

export interface SourceOptions {
  readonly source: string;
  readonly list: ListName;
  readonly reason?: string;
  readonly ttl?: number;
  readonly skipInvalid?: boolean;
  readonly name?: string;
}

interface Wish {
  readonly groups: readonly EntryGroup[];
  readonly invalid: Pick<ParsedText, 'invalid' | 'invalidLines'>;
}

const NOTHING_INVALID = { invalid: 0, invalidLines: [] };

/** Makes the entries of a source in a list exactly those given, as one change; entries of others are not touched. */
export function replaceSource(
  core: EngineCore,
  data: Uint8Array | readonly SourceEntry[],
  options: SourceOptions,
): SourceResult {
  const source = checkSource(options.source);
  const list = checkList(options.list);
  const common = claimer(core, source)(options);
  const { groups, invalid } =
    data instanceof Uint8Array
      ? readText(data, common, options)
      : { groups: grouped(core, source, data, options), invalid: NOTHING_INVALID };
  return changing(core, source, list, invalid, groups, (change) => change.replace(groups));
}

/** Adds to and removes from what a source wants, as one change. */
export function updateSource(core: EngineCore, update: SourceUpdate): SourceResult {
  const source = checkSource(update.source);
  const list = checkList(update.list);
  const gone = update.remove.map((text) => parsePrefix(text.trim()).prefix);
  const groups = grouped(core, source, update.add, {});
  return changing(core, source, list, NOTHING_INVALID, groups, (change) => {
    for (const prefix of gone) change.remove(prefix.family, wordsOf(prefix));
    for (const { prefixes, meta } of groups) {
      for (const prefix of prefixes) change.add(prefix.family, wordsOf(prefix), meta);
    }
  });
}

/** Who wants how much. */
export function countSources(core: EngineCore): SourceCount[] {
  const counts = new Map<string, { source: string; list: ListName; entries: number; shared: number }>();
  for (const list of LISTS) {
    for (const [meta, entries] of entriesByMeta(core, list)) {
      for (const { source } of claimsOf(meta)) {
        const key = `${list} ${source}`;
        const count = counts.get(key) ?? { source, list, entries: 0, shared: 0 };
        count.entries += entries;
        if (meta.also !== undefined) count.shared += entries;
        counts.set(key, count);
      }
    }
  }
  return [...counts.values()].sort((a, b) => (a.source < b.source ? -1 : a.source > b.source ? 1 : 0));
}

function changing(
  core: EngineCore,
  source: string,
  list: ListName,
  invalid: Wish['invalid'],
  groups: readonly EntryGroup[],
  work: (change: SourceChange) => void,
): SourceResult {
  let change!: SourceChange;
  try {
    const { lists } = core.transact((tx) => {
      change = new SourceChange(core, tx, list, source);
      work(change);
    });
    core.events.rulesChanged(lists, core.change.origin);
  } finally {
    change.end();
  }
  const { added, removed, kept, duplicates, fromConfig } = change;
  const notices = overlaps(core, list, groups);
  if (fromConfig > 0) notices.push(`${fromConfig} of the entries are in ${CONFIG_KEY} already`);
  const entries = countSources(core).find((one) => one.source === source && one.list === list)?.entries ?? 0;
  return { source, list, entries, added, removed, kept, duplicates, ...invalid, notices };
}

function readText(data: Uint8Array, claim: Claim, options: SourceOptions): Wish {
  const name = options.name ?? 'the data';
  refusePacked(data, name);
  const { prefixes, invalid, invalidLines: lines } = parseRuleText(data);
  if (invalid > 0 && options.skipInvalid !== true) {
    throw invalidLines(name, prefixes.size, { invalid, invalidLines: lines });
  }
  return { groups: [{ prefixes, meta: claim }], invalid: { invalid, invalidLines: lines } };
}

/** Entries one by one, those that say the same together. */
function grouped(
  core: EngineCore,
  source: string,
  entries: readonly SourceEntry[],
  common: Pick<SourceEntry, 'reason' | 'ttl'>,
): EntryGroup[] {
  const claim = claimer(core, source);
  const groups = new Map<string, EntryGroup>();
  for (const { prefix, ...own } of entries) {
    const said = { ...common, ...own };
    const key = `${said.ttl} ${said.reason}`;
    let group = groups.get(key);
    if (group === undefined) {
      group = { prefixes: new PrefixList(), meta: claim(said) };
      groups.set(key, group);
    }
    group.prefixes.push(parsePrefix(prefix.trim()).prefix);
  }
  return [...groups.values()];
}

function claimer(core: EngineCore, source: string) {
  const now = core.now();
  return ({ reason = '', ttl }: { readonly reason?: string; readonly ttl?: number }): Claim => ({
    reason: checkReason(reason),
    createdAt: now - (now % 1000),
    expiresAt: expiryOf(ttl, now),
    source,
  });
}

function checkSource(source: string): string {
  if (SOURCE_NAME.test(source)) return source;
  throw new NetxfwError('INVALID_INPUT', `${JSON.stringify(source)} is not the name of a source`, {
    hint: 'Give a kind and a name, such as feed:spamhaus.',
  });
}

function* entriesByMeta(core: EngineCore, list: ListName) {
  const { metas } = core.table;
  const uses = new Uint32Array(metas.end);
  for (const rows of [core.table[list].v4, core.table[list].v6]) {
    for (let row = 0; row < rows.size; row++) uses[rows.values[row]!]!++;
  }
  for (let id = 0; id < uses.length; id++) if (uses[id]! > 0) yield [metas.get(id), uses[id]!] as const;
}

function wordsOf({ words: [a, b, c, d], length }: Prefix) {
  return [a, b, c, d, length] as const;
}
