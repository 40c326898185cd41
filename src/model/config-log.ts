import * as z from 'zod';
import { duration, flag, integer, list, section, text } from './config-fields.ts';
import { parseDuration } from './durations.ts';

const ACTION = 'must be log, dynblack, dynblack:TTL, deny or deny:TTL';
const PATH = 'must be a path, a glob or journald:UNIT, or a list of them';

const onePath = z
  .string({ error: PATH })
  .regex(/^(\/|journald:[\w@.:-]+$)/, { error: 'must be an absolute path, a glob or journald:UNIT' });
const path = z.union([onePath, z.array(onePath).min(1)], { error: PATH });
const threshold = integer(1, 1_000_000);
const action = z.string({ error: ACTION }).refine(isAction, { error: ACTION });

function isAction(value: string): boolean {
  const [kind, ttl, ...rest] = value.split(':');
  if (rest.length > 0) return false;
  if (ttl === undefined) return kind === 'log' || kind === 'dynblack' || kind === 'deny';
  try {
    return parseDuration(ttl) > 0 && (kind === 'dynblack' || kind === 'deny');
  } catch {
    return false;
  }
}

/** What makes a line of a log a reason to block somebody. */
export const logRuleSchema = section({
  id: text.regex(/^[\w.-]{1,40}$/, { error: 'must be letters, digits, dots, dashes, at most 40' }),
  path,
  contains: list(text),
  any: list(text),
  none: list(text),
  regex: text.nullable().default(null),
  expression: text.nullable().default(null),
  address: text.min(1, { error: 'must be first, or the name of a group or field' }).default('first'),
  threshold: threshold.default(1),
  interval: duration.default('1m'),
  /** IPv6 attackers own networks, not addresses. */
  v6_prefix: integer(64, 128).default(64),
  action: action.default('log'),
});

export type LogRule = z.output<typeof logRuleSchema>;

/** A set of rules that comes with netxfw, and what of it is different here. */
const readyRules = section({
  name: text.regex(/^[a-z][a-z0-9-]*$/, { error: 'must be the name of ready rules, such as sshd' }),
  path: path.optional(),
  threshold: threshold.optional(),
  interval: duration.optional(),
  action: action.optional(),
});

export type ReadyRules = z.output<typeof readyRules>;

export const logEngineSchema = section({
  enabled: flag(false),
  ready: list(readyRules),
  rules: list(logRuleSchema),
});

export type LogEngineConfig = z.output<typeof logEngineSchema>;
