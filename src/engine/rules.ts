import { claimOf, withClaim } from '../model/claims.ts';
import type { EntryMeta, ListName } from '../model/entries.ts';
import { LISTS } from '../model/entries.ts';
import { NetxfwError } from '../model/errors.ts';
import { say } from '../model/messages.ts';
import { formatPrefix, isHost, type Prefix, parseAddress, parsePrefix } from '../model/prefixes.ts';
import type { ChangeKind, Rule, RuleChange, RuleInput, RuleRemoval, SourceMatch } from '../model/rules.ts';
import { releaseOf } from './bulk-removal.ts';
import { CONFIG_KEY, isFromConfig } from './config-entries.ts';
import type { EngineCore } from './core.ts';
import { checkList, checkReason, expiryOf } from './input.ts';
import { Notices } from './notices.ts';
import { USER_SOURCE } from './table.ts';
import type { Transaction } from './transaction.ts';
import { toRule } from './views.ts';

/** Adds all rules or none. */
export function addRules(core: EngineCore, inputs: readonly RuleInput[]): RuleChange[] {
  const now = core.now();
  const { value, lists } = core.transact((tx) => {
    const notices = new Notices(core.table);
    return inputs.map((input) => addRule(core, tx, notices, input, now));
  });
  core.events.rulesChanged(lists, core.change.origin);
  return value;
}

function addRule(core: EngineCore, tx: Transaction, notices: Notices, input: RuleInput, now: number): RuleChange {
  const list = checkList(input.list);
  const { prefix, masked } = parsePrefix(input.prefix.trim());
  const said = masked ? [notices.masked(input.prefix.trim(), prefix)] : [];
  const existing = core.table[list].get(prefix);
  if (existing !== undefined && isFromConfig(existing)) {
    said.push(`${formatPrefix(prefix)} is already there: ${CONFIG_KEY}`);
    return { change: 'unchanged', rule: toRule(list, prefix, existing), notices: said };
  }
  const alive = existing !== undefined && !hasExpired(existing, now) ? existing : undefined;
  const own = alive && claimOf(alive, USER_SOURCE);
  const reason = input.reason === undefined ? (own?.reason ?? '') : checkReason(input.reason);
  const expiresAt = expiryOf(input.ttl, now);
  let change: ChangeKind = 'unchanged';
  let meta = alive;
  if (own === undefined || meta === undefined || own.reason !== reason || own.expiresAt !== expiresAt) {
    change = own === undefined ? 'added' : 'replaced';
    // Whole seconds, so that the many entries of one second share their metadata.
    meta = withClaim(alive, { reason, createdAt: now - (now % 1000), expiresAt, source: USER_SOURCE }, now);
    tx.put(list, prefix, core.table.metas.intern(meta));
  }
  said.push(...notices.conflicts(list, prefix));
  return { change, rule: toRule(list, prefix, meta), notices: said };
}

/** Removes a prefix from one list or both. */
export function removeRule(core: EngineCore, text: string, only?: ListName): RuleRemoval {
  const { prefix, masked } = parsePrefix(text.trim());
  const lists = only === undefined ? LISTS : [checkList(only)];
  const notices = new Notices(core.table);
  const found = lists.filter((list) => core.table[list].get(prefix) !== undefined);
  if (found.length === 0) throw notFound(core, prefix, lists);
  const removable = found.filter((list) => !isFromConfig(core.table[list].get(prefix)));
  if (removable.length === 0) {
    throw new NetxfwError('CONFLICT', `${formatPrefix(prefix)} comes from ${CONFIG_KEY}`, {
      hint: 'Remove it there, then run `netxfw reload`.',
    });
  }
  const removed = removable.map((list): Rule => toRule(list, prefix, core.table[list].get(prefix)!));
  const said: string[] = masked ? [notices.masked(text.trim(), prefix)] : [];
  const { lists: summaries } = core.transact((tx) => {
    for (const list of removable) said.push(...release(core, tx, list, prefix));
  });
  core.events.rulesChanged(summaries, core.change.origin);
  if (removable.length < found.length) said.push(`${formatPrefix(prefix)} stays whitelisted: ${CONFIG_KEY}`);
  for (const list of removable) said.push(...notices.remaining(list, prefix));
  return { removed, notices: said };
}

function release(core: EngineCore, tx: Transaction, list: ListName, prefix: Prefix): string[] {
  const done = releaseOf(core.table[list].get(prefix)!, core.now());
  if (done.kind === 'configured') return [];
  const { wantedBy } = done;
  const names = wantedBy.join(', ');
  if (done.kind === 'gone') {
    tx.remove(list, prefix);
    return wantedBy.length === 0 ? [] : [say('notice.fromFeed', { prefix: formatPrefix(prefix), names })];
  }
  tx.put(list, prefix, core.table.metas.intern(done.rest));
  const values = { prefix: formatPrefix(prefix), list, names };
  return [say(wantedBy.length === 1 ? 'notice.staysFor' : 'notice.staysForMany', values)];
}

function notFound(core: EngineCore, prefix: Prefix, lists: readonly ListName[]): NetxfwError {
  const text = formatPrefix(prefix);
  for (const list of lists) {
    const over = core.table[list].covering(prefix)[0];
    if (over === undefined) continue;
    const by = formatPrefix(over.prefix);
    const message = list === 'deny' ? 'refused.noEntryDenied' : 'refused.noEntryAllowed';
    return new NetxfwError('RULE_NOT_FOUND', say(message, { prefix: text, by }), {
      hint: say('refused.noEntry.do', { by }),
    });
  }
  const where = lists.length === 1 ? `the ${lists[0]} list` : 'any list';
  return new NetxfwError('RULE_NOT_FOUND', `${text} is not in ${where}`);
}

/** The entries that touch one source, the deciding one first. */
export function matchSource(core: EngineCore, address: string): SourceMatch[] {
  const source = parseAddress(address.trim());
  const now = core.now();
  return LISTS.flatMap((list) =>
    core.table[list]
      .covering(source)
      .filter(({ meta }) => !hasExpired(meta, now))
      .map(({ prefix, meta }): SourceMatch => {
        const denied = isHost(prefix) ? 'DROP_DENIED_HOST' : 'DROP_DENIED_NETWORK';
        return { rule: toRule(list, prefix, meta), verdict: list === 'allow' ? 'PASS_WHITELIST' : denied };
      }),
  );
}

export function hasExpired(meta: EntryMeta, now: number): boolean {
  return meta.expiresAt !== null && meta.expiresAt <= now;
}
