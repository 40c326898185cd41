import { LISTS, type ListName } from '../model/entries.ts';
import { NO_RECORDS } from '../model/policy-records.ts';
import type { ListEdit } from '../store/store.ts';
import { isFromConfig } from './config-entries.ts';
import type { EngineCore } from './core.ts';
import { clearDynamic } from './dynamic.ts';
import { checkList } from './input.ts';
import { tellEdits } from './policy-edit.ts';
import { configured, type PolicyState, policyOf } from './policy-state.ts';
import type { Transaction } from './transaction.ts';

/** How many of each were removed. */
export interface ResetCounts {
  readonly rules: number;
  readonly dynamic: number;
  readonly limits: number;
  readonly ports: number;
  readonly ipPortRules: number;
}

/** Removes every entry of a list, or of both, but those of the configuration. @returns how many there were */
export function clearRules(core: EngineCore, only?: ListName): number {
  const { rules } = clear(core, only === undefined ? LISTS : [checkList(only)], core.policy);
  return rules;
}

/** Removes everything that commands and feeds have made; what the configuration says stays. */
export function resetAll(core: EngineCore): ResetCounts {
  const { limits, ports, ipPortRules } = core.policy;
  const counts = { limits: limits.user.size, ports: ports.user.size, ipPortRules: ipPortRules.user.size };
  const { rules } = clear(core, LISTS, configured(policyOf(NO_RECORDS), core.config, core.now()));
  return { rules, dynamic: clearDynamic(core), ...counts };
}

function clear(core: EngineCore, lists: readonly ListName[], policy: PolicyState): { readonly rules: number } {
  // What config.yaml hides is on the whitelist.
  const hidden = lists.includes('allow') ? core.configEntries.takeHidden() : [];
  const also = hidden.map(({ prefixes }): ListEdit => ({ list: 'allow', put: [], remove: prefixes }));
  try {
    const tx = core.begin();
    let rules = also.reduce((sum, { remove }) => sum + remove.size, 0);
    for (const list of lists) rules += removeAll(core, tx, list);
    const { lists: summaries, edits } = core.commit({ tx, policy, also });
    core.events.rulesChanged(summaries, core.change.origin);
    tellEdits(core, edits);
    return { rules };
  } catch (error) {
    core.configEntries.restoreHidden(hidden);
    throw error;
  }
}

function removeAll(core: EngineCore, tx: Transaction, list: ListName): number {
  let removed = 0;
  for (const rows of [core.table[list].v4, core.table[list].v6]) {
    // From the end, because the last row moves into the gap of a removed one.
    for (let row = rows.size - 1; row >= 0; row--) {
      if (isFromConfig(core.table.metas.get(rows.values[row]!))) continue;
      tx.removeRow(list, rows.family, row);
      removed++;
    }
  }
  return removed;
}
