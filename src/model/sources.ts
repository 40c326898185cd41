import type { ListName } from './entries.ts';
import type { InvalidLine } from './rules.ts';

/** How a source that owns many entries may be called: a kind and a name, such as `feed:spamhaus-drop`. */
export const SOURCE_NAME = /^[a-z][a-z0-9-]{0,15}:[A-Za-z0-9][A-Za-z0-9._:/@-]{0,63}$/;

/** An entry that a source wants; host bits are masked. */
export interface SourceEntry {
  readonly prefix: string;
  readonly reason?: string;
  /** Seconds from now; left out = as long as the source wants it. */
  readonly ttl?: number;
}

/** A change of what a source wants: `remove` happens first. */
export interface SourceUpdate {
  readonly source: string;
  readonly list: ListName;
  readonly add: readonly SourceEntry[];
  /** Prefixes that the source no longer wants; one that it never wanted is no error. */
  readonly remove: readonly string[];
}

/** What a change did to the entries of one source. */
export interface SourceResult {
  readonly source: string;
  readonly list: ListName;
  /** How many the source wants now. */
  readonly entries: number;
  readonly added: number;
  readonly removed: number;
  /** Wanted before and after; those with another reason or expiry are counted too. */
  readonly kept: number;
  readonly duplicates: number;
  readonly invalid: number;
  /** The first of them, at most 20. */
  readonly invalidLines: readonly InvalidLine[];
  readonly notices: readonly string[];
}

/** A source and what it has in one list. */
export interface SourceCount {
  readonly source: string;
  readonly list: ListName;
  readonly entries: number;
  /** How many of them another source wants too. */
  readonly shared: number;
}
