import type { PrefixList } from './prefix-list.ts';

/** The two static source lists. */
export const LISTS = ['allow', 'deny'] as const;
export type ListName = (typeof LISTS)[number];

/** Longest reason text in UTF-8 bytes; the kernel keeps it NUL-terminated in 64. */
export const MAX_REASON_BYTES = 63;

/** What is known of an entry besides its prefix. Many entries share one object. */
export interface EntryMeta {
  readonly reason: string;
  /** Unix time, milliseconds. */
  readonly createdAt: number;
  /** Unix time, milliseconds; null = never. */
  readonly expiresAt: number | null;
  /** Who made it: `user`, `config`, `import` or `feed:NAME`. Entries from `config` cannot be deleted by rule commands. */
  readonly source: string;
}

/** Entries that share their metadata. */
export interface EntryGroup {
  readonly prefixes: PrefixList;
  readonly meta: EntryMeta;
}
