import { PrefixTable } from '../../model/prefix-table.ts';
import { parsePrefix } from '../../model/prefixes.ts';

export interface Overlap {
  readonly name: string;
  readonly entries: number;
  /** Entries that no other list covers. */
  readonly unique: number;
  /** How many of its entries each other list covers. */
  readonly covered: Readonly<Record<string, number>>;
}

/** What each list has that others have too. */
export function overlaps(lists: readonly { readonly name: string; readonly text: string }[]): Overlap[] {
  const tables = lists.map(({ name, text }) => ({ name, ...tablesOf(text) }));
  return tables.map(({ name, v4, v6 }) => {
    const covered: Record<string, number> = {};
    let unique = 0;
    const others = tables.filter((other) => other.name !== name);
    for (const other of others) covered[other.name] = 0;
    for (const [rows, family] of [
      [v4, 'v4'],
      [v6, 'v6'],
    ] as const) {
      for (let row = 0; row < rows.size; row++) {
        const { words, length } = rows.at(row);
        const [a, b, c, d] = words;
        let shared = false;
        for (const other of others) {
          if (other[family].covering(a, b, family === 'v4' ? 0 : c, d, length) < 0) continue;
          covered[other.name]!++;
          shared = true;
        }
        if (!shared) unique++;
      }
    }
    return { name, entries: v4.size + v6.size, unique, covered };
  });
}

function tablesOf(text: string) {
  const [v4, v6] = [new PrefixTable(4), new PrefixTable(6)];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const { family, words, length } = parsePrefix(line).prefix;
    if (family === 4) v4.findOrAdd(0, 0, 0, words[3], length, 0);
    else v6.findOrAdd(...words, length, 0);
  }
  return { v4, v6 };
}
