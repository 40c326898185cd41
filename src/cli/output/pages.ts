import type { RulePage, RuleQuery } from '../../model/rules.ts';
import type { DynamicRule } from '../../model/status.ts';
import type { RuleAPI } from '../../sdk/types.ts';
import type { Context } from '../context.ts';
import { DOCUMENT_VERSION } from '../documents.ts';
import { formatCount } from './format.ts';
import { ruleColumns } from './rules.ts';
import { Table } from './table.ts';

/** Entries of one request: enough to make the requests cheap, few enough to hold. */
const PAGE = 5000;

export interface Window {
  readonly offset: number;
  /** Most entries to print. */
  readonly count: number;
}

/** The entries of the window, page by page, so that a list of any length passes through little memory. */
export async function* readPages(rules: RuleAPI, query: RuleQuery, window: Window): AsyncGenerator<RulePage> {
  const end = window.offset + window.count;
  for (let offset = window.offset; ; ) {
    const page = await rules.list({ ...query, offset, limit: Math.max(1, Math.min(PAGE, end - offset)) });
    yield page;
    offset += page.rules.length;
    if (page.rules.length === 0 || offset >= Math.min(end, page.total)) return;
  }
}

export async function printRuleTable(context: Context, pages: AsyncIterable<RulePage>): Promise<void> {
  const { out } = context;
  const table = new Table(out, ruleColumns(context.now()));
  let shown = 0;
  let last: RulePage | undefined;
  for await (const page of pages) {
    if (page.rules.length > 0) await table.print(page.rules);
    shown += page.rules.length;
    last = page;
    if (out.closed) return;
  }
  if (last === undefined || last.total === 0) out.notice('there are no such entries');
  else if (shown < last.total) {
    out.notice(`${formatCount(shown)} of ${formatCount(last.total)} entries; others with --page, all with --limit 0`);
  }
}

/** A RulesDocument or, with dynamic entries, a DeniedDocument; one entry a line. */
export async function printRuleJson(
  context: Context,
  pages: AsyncIterable<RulePage>,
  dynamic?: readonly DynamicRule[],
): Promise<void> {
  const { out } = context;
  let lead = '';
  for await (const { rules, total, offset } of pages) {
    lead ||= `{"version":${DOCUMENT_VERSION},"total":${total},"offset":${offset},"rules":[\n`;
    if (rules.length > 0) {
      await out.write(lead + rules.map((rule) => JSON.stringify(rule)).join(',\n'));
      lead = ',\n';
    }
    if (out.closed) return;
  }
  const end = dynamic === undefined ? '' : `,"dynamic":${JSON.stringify(dynamic)}`;
  await out.line(lead === ',\n' ? `\n]${end}}` : `${lead}]${end}}`);
}
