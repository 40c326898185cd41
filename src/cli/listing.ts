import type { ListName } from '../model/entries.ts';
import type { IpPortAction } from '../model/open-ports.ts';
import { RULE_SORTS, type RuleSort } from '../model/rules.ts';
import type { Context } from './context.ts';
import { wholeNumber } from './input.ts';
import { printDynamic } from './output/dynamic.ts';
import { printRuleJson, printRuleTable, readPages, type Window } from './output/pages.ts';
import { printPortRules } from './output/port-rules.ts';

export const DEFAULT_LIMIT = 100;

export const LIST_DESCRIPTION = `On a terminal the first ${DEFAULT_LIMIT} entries are shown, into a file or pipe all of
    them.

    --search takes the beginning of an address, an address that a listed network covers, or a part of the reason.`;

/** Options of every command that can show a part of something long. */
export const PAGE_OPTIONS = {
  limit: { short: 'n', value: 'COUNT', help: 'how many; 0 = all' },
  page: { value: 'NUMBER', help: `which page of that many (of ${DEFAULT_LIMIT} without --limit)` },
} as const;

export interface PageInput {
  readonly limit: string | undefined;
  readonly page: string | undefined;
}

/** Options of the commands that show the lists. */
export const LIST_OPTIONS = {
  search: { short: 's', value: 'TEXT', help: 'only what matches' },
  sort: { value: 'FIELD', choices: RULE_SORTS, help: 'order by' },
  reverse: { short: 'r', help: 'last first' },
  ...PAGE_OPTIONS,
} as const;

export interface ListInput extends PageInput {
  readonly search: string | undefined;
  readonly sort: RuleSort | undefined;
  readonly reverse: boolean;
}

export const LIST_TYPES = ['allow', 'deny', 'dynamic', 'port'] as const;
export type ListType = (typeof LIST_TYPES)[number];

/** Shows the lists. @param types in this order; allow and deny together are one list */
export async function showLists(context: Context, types: readonly ListType[], input: ListInput): Promise<void> {
  const { search, sort, reverse } = input;
  const window = windowOf(context, input);
  const order = { ...(search ? { search } : {}), ...(sort ? { sort } : {}), descending: reverse };
  const sdk = await context.sdk();
  const fixed = types.filter((type): type is ListName => type === 'allow' || type === 'deny');
  const withDynamic = types.includes('dynamic');
  if (types.includes('port')) return showPortRules(context);
  if (fixed.length === 0) return printDynamic(context, await sdk.dynamic.list(), order, window);
  const pages = readPages(sdk.rules, { ...order, ...(fixed.length === 1 ? { list: fixed[0]! } : {}) }, window);
  if (context.json) return printRuleJson(context, pages, withDynamic ? await sdk.dynamic.list() : undefined);
  await printRuleTable(context, pages);
  if (!withDynamic) return;
  const dynamic = await sdk.dynamic.list();
  if (dynamic.length === 0) return;
  await context.out.line();
  await printDynamic(context, dynamic, order, window);
}

/** Shows the rules of sources and ports. @param action only those that do this */
export async function showPortRules(context: Context, action?: IpPortAction): Promise<void> {
  const sdk = await context.sdk();
  const rules = await sdk.ports.listRules();
  await printPortRules(context, action === undefined ? rules : rules.filter((rule) => rule.action === action));
}

/** Which part is asked for: on a terminal not more than a few screens, unless the user says so. */
export function windowOf({ out }: Context, { page, limit }: PageInput): Window {
  const pageNumber = wholeNumber('--page', page, 1);
  const wanted = wholeNumber('--limit', limit, 0);
  const size = wanted ?? (pageNumber !== undefined || out.interactive ? DEFAULT_LIMIT : 0);
  const count = size === 0 ? Number.POSITIVE_INFINITY : size;
  return { offset: size * ((pageNumber ?? 1) - 1), count };
}
