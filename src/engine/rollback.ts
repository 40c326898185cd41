import type { Config } from '../model/config.ts';
import type { PendingUndo } from '../store/confirm.ts';
import { isListEdit, isPolicyEdit, type ListEdit } from '../store/store.ts';
import { isFromConfig } from './config-entries.ts';
import type { EngineCore } from './core.ts';
import { tellEdits } from './policy-edit.ts';
import { configured, edited } from './policy-state.ts';
import { hasExpired } from './rules.ts';
import type { Transaction } from './transaction.ts';

/**
 * Goes back to what was before a change that nobody confirmed. Kernel and memory follow at once, also when the disk
 * refuses; what is to be stored goes there with the next change.
 * @param config the one to go back to, undefined when the change left it alone
 */
export function rollBack(core: EngineCore, undo: PendingUndo, config: Config | undefined): void {
  const tx = core.begin();
  for (const edit of undo.changes) if (isListEdit(edit)) restore(core, tx, edit);
  let policy = undo.changes.filter(isPolicyEdit).reduce(edited, core.policy);
  const { configEntries } = core;
  const stored = tx.changes();
  try {
    if (config !== undefined) {
      configEntries.hide(config.whitelist);
      configEntries.apply(tx, config.whitelist, core.now());
      policy = configured(policy, config, core.now());
    }
    const done = core.commit({ tx, stored: false, policy, ...(config === undefined ? {} : { config }) });
    core.postpone([...stored, ...done.edits]);
    core.events.rulesChanged(done.lists, undo.origin);
    tellEdits(core, done.edits);
  } finally {
    configEntries.settle();
  }
}

function restore(core: EngineCore, tx: Transaction, { list, put, remove }: ListEdit): void {
  const { metas } = core.table;
  for (const prefix of remove) if (!isFromConfig(core.table[list].get(prefix))) tx.remove(list, prefix);
  for (const { prefixes, meta } of put) {
    if (hasExpired(meta, core.now())) continue;
    const id = metas.intern(meta);
    metas.retain(id);
    for (const prefix of prefixes) if (!isFromConfig(core.table[list].get(prefix))) tx.put(list, prefix, id);
    metas.release(id);
  }
}
