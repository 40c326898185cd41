import type { ListName } from '../../model/entries.ts';
import type { Rule, RuleBulkRemoval, RuleChange, RuleRemoval } from '../../model/rules.ts';
import type { Context } from '../context.ts';
import type { ChangesDocument, PortRuleChange, RemovalDocument } from '../documents.ts';
import { formatEndpoint } from '../endpoint.ts';
import { formatRemaining, formatTime, plural } from './format.ts';
import type { Output } from './output.ts';
import type { Column } from './table.ts';

const DONE = { allow: 'allowed', deny: 'denied' } as const;

/** What became of each rule that was to be added. */
export async function printChanges(
  context: Context,
  changes: readonly RuleChange[],
  portRules: readonly PortRuleChange[] = [],
): Promise<void> {
  const { out } = context;
  if (context.json) {
    return out.json<ChangesDocument>({ changes, ...(portRules.length > 0 ? { portRules } : {}) });
  }
  for (const notice of changes.flatMap(({ notices }) => notices)) out.notice(notice);
  for (const { change, rule } of changes) {
    const done = DONE[rule.list];
    const limit = rule.expiresAt === null ? '' : ` for ${formatRemaining(rule.expiresAt, context.now())}`;
    if (change === 'unchanged') await out.result(`${rule.prefix} was ${done} already`);
    else if (change === 'added') await out.result(`${done} ${rule.prefix}${limit}`);
    else await out.result(`${done} ${rule.prefix}${limit}, in place of an entry with another reason or end`);
  }
  for (const { change, rule } of portRules) {
    const done = DONE[rule.action];
    const name = formatEndpoint(rule.prefix, rule);
    if (change === 'unchanged') await out.result(`${name} was ${done} already`);
    else await out.result(`${done} ${name}${change === 'added' ? '' : ', in place of another rule for it'}`);
  }
}

interface AlsoRemoved {
  /** Addresses that were taken from the dynamic blacklist. */
  readonly dynamic?: readonly string[];
  /** Rules for sources with ports. */
  readonly ports?: readonly string[];
}

export async function printRemoval(
  context: Context,
  { removed, notices }: RuleRemoval,
  { dynamic, ports: portRules }: AlsoRemoved = {},
): Promise<void> {
  const { out } = context;
  if (context.json) {
    const also = { ...(dynamic === undefined ? {} : { dynamic }), ...(portRules === undefined ? {} : { portRules }) };
    return out.json<RemovalDocument>({ removed, notices, ...also });
  }
  for (const notice of notices) out.notice(notice);
  for (const { list, prefix } of removed) await out.result(`removed ${prefix} from the ${list} list`);
  for (const prefix of dynamic ?? []) await out.result(`removed ${prefix} from the dynamic list`);
  for (const name of portRules ?? []) await out.result(`removed the rule for ${name}`);
}

export function ruleColumns(now: number): Column<Rule>[] {
  return [
    {
      title: 'list',
      value: ({ list }) => list,
      style: ({ list }) => (list === 'allow' ? 'green' : 'red'),
    },
    { title: 'prefix', value: ({ prefix }) => prefix },
    { title: 'expires in', value: ({ expiresAt }) => formatRemaining(expiresAt, now) },
    { title: 'reason', value: ({ reason }) => reason, shrink: true },
    { title: 'source', value: ({ source }) => source, optional: true },
    { title: 'created (UTC)', value: ({ createdAt }) => formatTime(createdAt), optional: true },
  ];
}

export async function printBulkRemoval(out: Output, list: ListName, done: RuleBulkRemoval): Promise<void> {
  const { removed, staying, configured } = done;
  await out.result(`removed ${plural(removed, 'entry', 'entries')} from the ${list} list`);
  if (staying > 0) out.notice(`kept ${plural(staying, 'entry', 'entries')} that other sources want`);
  if (configured > 0) out.notice(`kept ${plural(configured, 'entry', 'entries')} of config.yaml`);
}
