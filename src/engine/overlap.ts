import type { ListName } from '../model/entries.ts';
import { keyOfRecord } from '../model/policy-records.ts';
import type { PrefixList } from '../model/prefix-list.ts';
import { PrefixTable } from '../model/prefix-table.ts';
import { formatPrefix, type Prefix } from '../model/prefixes.ts';
import { isListEdit, type ListEdit, type PolicyEdit, type StoredChange } from '../store/store.ts';

/** How many entries two changes have in common, and one of them in words. */
export interface Common {
  readonly count: number;
  readonly example: string | null;
}

/** The entries that a change touches, to be compared with those of later ones. */
export class Overlap {
  readonly #prefixes: Readonly<Record<ListName, readonly [PrefixTable, PrefixTable]>>;
  readonly #keys = new Set<string>();

  constructor(changes: readonly StoredChange[]) {
    const tables = () => [new PrefixTable(4), new PrefixTable(6)] as const;
    this.#prefixes = { allow: tables(), deny: tables() };
    for (const change of changes) {
      if (!isListEdit(change)) for (const key of keysOf(change)) this.#keys.add(key);
      else for (const list of listsOf(change)) for (const prefix of list) this.#rows(change.list, prefix, true);
    }
  }

  with(changes: readonly StoredChange[]): Common {
    let count = 0;
    let example: string | null = null;
    const note = (words: () => string) => {
      count++;
      example ??= words();
    };
    for (const change of changes) {
      if (!isListEdit(change)) for (const key of keysOf(change)) this.#keys.has(key) && note(() => key);
      else {
        for (const list of listsOf(change)) {
          for (const prefix of list) {
            if (this.#rows(change.list, prefix, false) >= 0) note(() => `${change.list} ${formatPrefix(prefix)}`);
          }
        }
      }
    }
    return { count, example };
  }

  #rows(list: ListName, { family, words: [a, b, c, d], length }: Prefix, add: boolean): number {
    const table = this.#prefixes[list][family === 4 ? 0 : 1];
    return add ? table.findOrAdd(a, b, c, d, length, 0) : table.find(a, b, c, d, length);
  }
}

function listsOf({ put, remove }: ListEdit): PrefixList[] {
  return [...put.map(({ prefixes }) => prefixes), remove];
}

const WORDS = { limits: 'limit', ports: 'port', ipPortRules: 'rule of' } as const;

function keysOf({ kind, put, remove }: PolicyEdit): string[] {
  const keyOf = keyOfRecord[kind] as (record: unknown) => string;
  return [...put.map(keyOf), ...remove].map((key) => `${WORDS[kind]} ${key}`);
}
