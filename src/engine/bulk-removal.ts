import { claimOf, claimsOf, isManaged, withoutClaim } from '../model/claims.ts';
import type { EntryMeta, ListName } from '../model/entries.ts';
import { NetxfwError } from '../model/errors.ts';
import { say } from '../model/messages.ts';
import type { PrefixTable } from '../model/prefix-table.ts';
import { parsePrefix } from '../model/prefixes.ts';
import type { RuleBulkRemoval, RuleSelection } from '../model/rules.ts';
import { isFromConfig } from './config-entries.ts';
import type { EngineCore } from './core.ts';
import { checkList } from './input.ts';
import { Search } from './search.ts';
import { USER_SOURCE } from './table.ts';
import type { Transaction } from './transaction.ts';

/** What becomes of an entry that a person takes back. */
export type Release =
  | { readonly kind: 'configured' }
  | { readonly kind: 'gone'; readonly wantedBy: readonly string[] }
  | { readonly kind: 'stays'; readonly rest: EntryMeta; readonly wantedBy: readonly string[] };

/** Takes back what a person said of an entry; what only feeds want, a person can take away until they bring it back. */
export function releaseOf(meta: EntryMeta, now: number): Release {
  if (isFromConfig(meta)) return { kind: 'configured' };
  if (meta.also === undefined && !isManaged(meta.source)) return { kind: 'gone', wantedBy: [] };
  const wantedBy = claimsOf(meta)
    .map(({ source }) => source)
    .filter(isManaged);
  const rest = wantedBy.length === 0 ? undefined : withoutClaim(meta, USER_SOURCE, now);
  if (rest === undefined || claimOf(meta, USER_SOURCE) === undefined) return { kind: 'gone', wantedBy };
  return { kind: 'stays', rest, wantedBy };
}

/** Rows of one list, one array of them. */
interface Chosen {
  readonly rows: PrefixTable;
  /** In ascending order. */
  readonly at: readonly number[];
}

/** Says what `removeSelected` would do. */
export function previewRemoval(core: EngineCore, selection: RuleSelection): RuleBulkRemoval {
  return walk(core, selection, null);
}

/**
 * Removes everything that is selected, or nothing.
 * @throws NetxfwError CONFLICT when it is not as many entries as were expected
 */
export function removeSelected(core: EngineCore, selection: RuleSelection): RuleBulkRemoval {
  const { value, lists } = core.transact((tx) => {
    const done = walk(core, selection, tx);
    const { expect } = selection;
    if (expect !== undefined && done.removed + done.staying !== expect) {
      const now = done.removed + done.staying;
      const details = { expected: expect, found: now };
      throw new NetxfwError('CONFLICT', say('refused.selection', details), {
        hint: say('refused.selection.do'),
        details,
      });
    }
    return done;
  });
  core.events.rulesChanged(lists, core.change.origin);
  return value;
}

/** @param tx null: only count */
function walk(core: EngineCore, selection: RuleSelection, tx: Transaction | null): RuleBulkRemoval {
  const list = checkList(selection.list);
  const now = core.now();
  const { chosen, missing } = choose(core, list, selection);
  let [removed, staying, configured] = [0, 0, 0];
  for (const { rows, at } of chosen) {
    // From the end, because the last row moves into the gap of a removed one.
    for (let i = at.length - 1; i >= 0; i--) {
      const row = at[i]!;
      const release = releaseOf(core.table.metas.get(rows.values[row]!), now);
      switch (release.kind) {
        case 'configured':
          configured++;
          break;
        case 'gone':
          removed++;
          tx?.removeRow(list, rows.family, row);
          break;
        case 'stays':
          staying++;
          tx?.put(list, rows.at(row), core.table.metas.intern(release.rest));
      }
    }
  }
  return { removed, staying, configured, missing };
}

function choose(core: EngineCore, list: ListName, selection: RuleSelection) {
  const { v4, v6 } = core.table[list];
  const parts = [v4, v6].map((rows) => ({ rows, at: [] as number[] }));
  const partOf = (family: 4 | 6) => parts[family === 4 ? 0 : 1]!;
  if (selection.prefixes !== undefined) {
    const { found, missing } = rowsOf(core, list, selection.prefixes);
    for (const { family, row } of found) partOf(family).at.push(row);
    for (const { at } of parts) at.sort((a, b) => a - b);
    return { chosen: parts as readonly Chosen[], missing };
  }
  const search = new Search(selection.search, core.table.metas);
  const { found } = rowsOf(core, list, selection.except ?? []);
  for (const { rows, at } of parts) {
    const filter = search.filter(rows);
    const left = new Set(found.filter(({ family }) => family === rows.family).map(({ row }) => row));
    for (let row = 0; row < rows.size; row++) if ((filter === null || filter(row)) && !left.has(row)) at.push(row);
  }
  return { chosen: parts as readonly Chosen[], missing: 0 };
}

/** Each once. @throws NetxfwError INVALID_ADDRESS */
function rowsOf(core: EngineCore, list: ListName, texts: readonly string[]) {
  const found = new Map<string, { readonly family: 4 | 6; readonly row: number }>();
  const absent = new Set<string>();
  for (const text of texts) {
    const { prefix } = parsePrefix(text.trim());
    const { family } = prefix;
    const table = core.table[list];
    const row = table.find(prefix);
    if (row >= 0) found.set(`${family} ${row}`, { family, row });
    else absent.add(`${prefix.words.join()}/${prefix.length}`);
  }
  return { found: [...found.values()], missing: absent.size };
}
