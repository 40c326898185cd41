import { reasonDescription } from '../../model/reasons.ts';
import type { RuleQuery, RuleSort } from '../../model/rules.ts';
import type { DynamicRule } from '../../model/status.ts';
import type { Context } from '../context.ts';
import type { DynamicDocument } from '../documents.ts';
import { formatAge, formatCount, formatRemaining } from './format.ts';
import type { Window } from './pages.ts';
import { type Column, Table } from './table.ts';

const EVERYTHING: Window = { offset: 0, count: Number.POSITIVE_INFINITY };

/** Prints the dynamic list or, as this API has no pages, the part of it that the query asks for. */
export async function printDynamic(
  context: Context,
  all: readonly DynamicRule[],
  query: RuleQuery = {},
  { offset, count }: Window = EVERYTHING,
): Promise<void> {
  const matching = select(all, query);
  const shown = matching.slice(offset, offset + count);
  const total = matching.length;
  if (context.json) {
    return context.out.json<DynamicDocument>({ total, dynamic: shown });
  }
  if (shown.length > 0) await new Table(context.out, dynamicColumns(context.now())).print(shown);
  if (total === 0) context.out.notice('there are no such entries');
  else if (shown.length < total) {
    context.out.notice(`${formatCount(shown.length)} of ${formatCount(total)} entries; all with --limit 0`);
  }
}

export function dynamicColumns(now: number): Column<DynamicRule>[] {
  return [
    { title: 'prefix', value: ({ prefix }) => prefix },
    { title: 'expires in', value: ({ expiresAt }) => formatRemaining(expiresAt, now) },
    { title: 'drops', value: ({ hits }) => formatCount(hits), right: true },
    { title: 'reason', value: describe, shrink: true },
    { title: 'blocked for', value: ({ blockedAt }) => formatAge(blockedAt, now), optional: true },
  ];
}

function describe({ reason, cause }: DynamicRule): string {
  return reason !== '' || cause === null ? reason : reasonDescription(cause);
}

const KEYS: Record<Exclude<RuleSort, 'prefix'>, (rule: DynamicRule) => string> = {
  created: ({ blockedAt }) => blockedAt,
  // An entry without an end comes last.
  expires: ({ expiresAt }) => expiresAt ?? '~',
  reason: describe,
};

function select(rules: readonly DynamicRule[], { search = '', sort, descending }: RuleQuery): DynamicRule[] {
  const text = search.toLowerCase();
  const found = rules.filter((rule) => rule.prefix.startsWith(text) || describe(rule).toLowerCase().includes(text));
  if (sort !== undefined && sort !== 'prefix') {
    const key = KEYS[sort];
    found.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  }
  return descending ? found.reverse() : found;
}
