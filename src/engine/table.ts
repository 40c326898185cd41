import { type EntryGroup, LISTS, type ListName } from '../model/entries.ts';
import { EntryTable } from '../model/entry-table.ts';
import { MetaTable } from '../model/meta-table.ts';
import type { RuleCounts } from '../model/rules.ts';

/** Who made an entry that config.yaml holds. */
export const CONFIG_SOURCE = 'config';

/** Who made an entry that people and programs made one by one. */
export const USER_SOURCE = 'user';

/** Both lists in memory, as the kernel has them. */
export class RulesTable {
  readonly metas = new MetaTable();
  readonly allow = new EntryTable(this.metas);
  readonly deny = new EntryTable(this.metas);

  counts(): RuleCounts {
    return { allow: this.allow.size, deny: this.deny.size };
  }

  groups(): Record<ListName, EntryGroup[]> {
    return { allow: this.allow.groups(), deny: this.deny.groups() };
  }

  /** Every row array: list by list, IPv4 first. */
  *parts() {
    for (const list of LISTS) {
      for (const rows of [this[list].v4, this[list].v6]) yield { list, rows };
    }
  }
}
