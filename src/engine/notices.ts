import type { ListName } from '../model/entries.ts';
import { say } from '../model/messages.ts';
import type { PrefixTable } from '../model/prefix-table.ts';
import { covers, familyBits, formatPrefix, isHost, type Prefix } from '../model/prefixes.ts';
import type { RulesTable } from './table.ts';

/** Scans for entries inside a network that one change may cost; further networks get no such notice. */
const MAX_SCANS = 64;

/** Says what a change does not do, or does beyond its own entry. */
export class Notices {
  readonly #table: RulesTable;
  #scans = 0;

  constructor(table: RulesTable) {
    this.#table = table;
  }

  masked(text: string, prefix: Prefix): string {
    return say('notice.masked', { text, prefix: formatPrefix(prefix) });
  }

  /** What other entries do to an entry that is now in `list`. */
  conflicts(list: ListName, prefix: Prefix): string[] {
    return list === 'deny' ? this.#denyConflicts(prefix) : this.#allowConflicts(prefix);
  }

  #denyConflicts(prefix: Prefix): string[] {
    const text = formatPrefix(prefix);
    const over = this.#table.allow.covering(prefix)[0];
    if (over !== undefined) {
      const by = formatPrefix(over.prefix);
      return [
        by === text ? say('notice.denyUseless', { prefix: text }) : say('notice.denyUselessBy', { prefix: text, by }),
      ];
    }
    const said = prefix.length === 0 ? [say('notice.denyAll', { prefix: text, family: prefix.family })] : [];
    const inside = this.#inside(this.#table.allow.rows(prefix), prefix);
    if (inside === null) return said;
    const { count, example } = inside;
    const values = { prefix: text, example };
    said.push(count === 1 ? say('notice.stillPasses', values) : say('notice.stillPass', { ...values, count }));
    return said;
  }

  #allowConflicts(prefix: Prefix): string[] {
    const text = formatPrefix(prefix);
    if (prefix.length === 0) return [say('notice.allowAll', { prefix: text, family: prefix.family })];
    const under = this.#table.deny.covering(prefix)[0];
    if (under !== undefined) {
      const by = formatPrefix(under.prefix);
      return [by === text ? say('notice.deniedToo', { prefix: text }) : say('notice.deniedBy', { prefix: text, by })];
    }
    const inside = this.#inside(this.#table.deny.rows(prefix), prefix);
    if (inside === null) return [];
    const { count, example } = inside;
    const values = { prefix: text, example };
    return [count === 1 ? say('notice.denyIdleOne', values) : say('notice.denyIdle', { ...values, count })];
  }

  /** What still judges a prefix whose entry is gone from `list`. */
  remaining(list: ListName, prefix: Prefix): string[] {
    const over = this.#table[list].covering(prefix)[0];
    if (over === undefined) return [];
    const values = { prefix: formatPrefix(prefix), by: formatPrefix(over.prefix) };
    return [say(list === 'deny' ? 'notice.stillDenied' : 'notice.stillAllowed', values)];
  }

  #inside(rows: PrefixTable, network: Prefix): { readonly count: number; readonly example: string } | null {
    if (isHost(network) || rows.size === 0 || ++this.#scans > MAX_SCANS) return null;
    const low = network.words;
    const high = lastAddress(network);
    let count = 0;
    let example = -1;
    for (let row = 0; row < rows.size; row++) {
      if (rows.lengths[row]! <= network.length) continue;
      const first = rows.words[row * rows.stride]!;
      const word = rows.stride === 1 ? 3 : 0;
      if (first < low[word]! || first > high[word]!) continue;
      if (rows.stride === 4 && !covers(network, rows.at(row))) continue;
      count++;
      example = row;
    }
    return count === 0 ? null : { count, example: formatPrefix(rows.at(example)) };
  }
}

function lastAddress(network: Prefix): readonly number[] {
  const start = network.family === 4 ? 96 : 0;
  const bits = start + network.length;
  const end = start + familyBits(network.family);
  return network.words.map((word, i) => {
    const kept = Math.min(32, Math.max(0, bits - i * 32));
    return i * 32 >= end ? word : kept === 32 ? word : (word | (0xffffffff >>> kept)) >>> 0;
  });
}
