import { PrefixList } from '../model/prefix-list.ts';
import type { Prefix } from '../model/prefixes.ts';
import { FAMILY_BIT } from './layout.ts';
import { INDEX_BIT } from './nibbles.ts';
import { type IndexWriter, isTooShort } from './source-index.ts';

/**
 * Tells the kernel program which sources limits or ip+port rules may match: by OTHER in the source index, or, for prefixes
 * that are too short for it, by a bit of their family. An index bit would make every source of the family look up the
 * dynamic blacklist and lock_list, too.
 */
export function markSources(owner: string, index: IndexWriter, prefixes: Iterable<Prefix>): void {
  const list = new PrefixList();
  for (const prefix of prefixes) if (!isTooShort(prefix)) list.push(prefix);
  index.touch(owner, INDEX_BIT.OTHER, list);
}

/** NX_FAMILY_BIT* of the families that have a prefix too short for the index. */
export function familiesAlways(prefixes: Iterable<Prefix>): number {
  let bits = 0;
  for (const prefix of prefixes) {
    if (isTooShort(prefix)) bits |= prefix.family === 4 ? FAMILY_BIT.FAMILY_BIT4 : FAMILY_BIT.FAMILY_BIT6;
  }
  return bits;
}
