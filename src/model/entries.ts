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
  /** Who made it: `user`, `config`, `import` or `KIND:NAME`. Entries from `config` cannot be deleted by rule commands. */
  readonly source: string;
  /** Who else wants the entry, see claims.ts; none of them wants it longer. */
  readonly also?: readonly Claim[];
}

/** What one source says of an entry that it wants. */
export type Claim = Omit<EntryMeta, 'also'>;

/** Entries that share their metadata. */
export interface EntryGroup {
  readonly prefixes: PrefixList;
  readonly meta: EntryMeta;
}
