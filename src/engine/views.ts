import type { EntryMeta, ListName } from '../model/entries.ts';
import { formatPrefix, type Prefix } from '../model/prefixes.ts';
import type { Rule } from '../model/rules.ts';
import type { DynamicEntry, DynamicRule } from '../model/status.ts';

const texts = new WeakMap<EntryMeta, { readonly createdAt: string; readonly expiresAt: string | null }>();

/** An entry as users see it. */
export function toRule(list: ListName, prefix: Prefix, meta: EntryMeta): Rule {
  let times = texts.get(meta);
  if (times === undefined) {
    times = {
      createdAt: new Date(meta.createdAt).toISOString(),
      expiresAt: meta.expiresAt === null ? null : new Date(meta.expiresAt).toISOString(),
    };
    texts.set(meta, times);
  }
  const { createdAt, expiresAt } = times;
  const rule = { list, prefix: formatPrefix(prefix), reason: meta.reason, createdAt, expiresAt, source: meta.source };
  return meta.also === undefined ? rule : { ...rule, otherSources: meta.also.map(({ source }) => source) };
}

/** A dynamic entry as users see it. */
export function toDynamicRule(entry: DynamicEntry): DynamicRule {
  return {
    prefix: formatPrefix(entry.prefix),
    reason: entry.reason,
    blockedAt: new Date(entry.blockedAt).toISOString(),
    expiresAt: entry.expiresAt === null ? null : new Date(entry.expiresAt).toISOString(),
    cause: entry.cause,
    hits: entry.hits,
  };
}
