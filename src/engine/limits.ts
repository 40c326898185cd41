import { NetxfwError } from '../model/errors.ts';
import type { Limit, LimitInput } from '../model/limits.ts';
import type { LimitRecord } from '../model/policy-records.ts';
import { formatPrefix, parsePrefix } from '../model/prefixes.ts';
import type { ChangeKind } from '../model/rules.ts';
import type { EngineCore } from './core.ts';
import { commitEdit, fromConfig, sourceOf } from './policy-edit.ts';
import { effective } from './policy-state.ts';

/** How messages name the place where these entries are changed. */
const KEY = 'rate_limit.rules in config.yaml';
const MAX_RATE = 100_000_000;
const MAX_BURST = 1_000_000_000;
/** Without a burst of its own a limit lets through what two seconds allow at once. */
const BURST_SECONDS = 2;

export function addLimit(core: EngineCore, input: LimitInput): { readonly change: ChangeKind; readonly limit: Limit } {
  const { prefix } = parsePrefix(input.prefix.trim());
  const rate = checkCount('rate', input.rate, MAX_RATE);
  const burst = checkCount('burst', input.burst ?? rate * BURST_SECONDS, MAX_BURST);
  const key = formatPrefix(prefix);
  const { user, config } = core.policy.limits;
  const set = config.get(key);
  if (set !== undefined && (set.rate !== rate || set.burst !== burst)) throw fromConfig(`the limit of ${key}`, KEY);
  const old = set ?? user.get(key);
  if (old?.rate === rate && old.burst === burst) return { change: 'unchanged', limit: viewOf(core, old) };
  const now = core.now();
  const record: LimitRecord = { prefix, rate, burst, createdAt: now - (now % 1000) };
  commitEdit(core, 'limits', { put: [record] });
  return { change: old === undefined ? 'added' : 'replaced', limit: viewOf(core, record) };
}

export function removeLimit(core: EngineCore, text: string): void {
  const key = formatPrefix(parsePrefix(text.trim()).prefix);
  const { user, config } = core.policy.limits;
  if (config.has(key)) throw fromConfig(`the limit of ${key}`, KEY);
  if (!user.has(key)) {
    throw new NetxfwError('NOT_FOUND', `${key} has no limit of its own`, {
      hint: 'List the limits with `netxfw limit list`.',
    });
  }
  commitEdit(core, 'limits', { remove: [key] });
}

export function listLimits(core: EngineCore): Limit[] {
  const drops = core.dataplane.limitDrops();
  return effective(core.policy, 'limits').map((record) => viewOf(core, record, drops));
}

function viewOf(core: EngineCore, record: LimitRecord, drops = core.dataplane.limitDrops()): Limit {
  const prefix = formatPrefix(record.prefix);
  return {
    prefix,
    rate: record.rate,
    burst: record.burst,
    source: sourceOf(core.policy.limits, prefix),
    createdAt: new Date(record.createdAt).toISOString(),
    dropped: drops.get(prefix) ?? 0,
  };
}

function checkCount(field: string, value: number, most: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new NetxfwError('INVALID_INPUT', `${field}: ${value} must be a whole number from 1 to ${most}`);
}
