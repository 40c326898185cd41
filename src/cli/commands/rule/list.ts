import { RULE_SORTS } from '../../../model/rules.ts';
import { command } from '../../command.ts';
import { wholeNumber } from '../../input.ts';
import { printDynamic } from '../../output/dynamic.ts';
import { printRuleJson, printRuleTable, readPages } from '../../output/pages.ts';

const DEFAULT_LIMIT = 100;

export default command({
  summary: 'Show the allow, deny and dynamic lists',
  description: `Without a list, allow and deny. On a terminal the first ${DEFAULT_LIMIT} entries are shown, into a
    file or pipe all of them.

    --search takes the beginning of an address, an address that a listed network covers, or a part of the reason.`,
  args: { list: { help: 'only this list', optional: true, choices: ['allow', 'deny', 'dynamic'] } },
  options: {
    search: { short: 's', value: 'TEXT', help: 'only what matches' },
    sort: { value: 'FIELD', choices: RULE_SORTS, help: 'order by' },
    reverse: { short: 'r', help: 'last first' },
    limit: { short: 'n', value: 'COUNT', help: 'how many; 0 = all' },
    page: { value: 'NUMBER', help: `which page of that many (of ${DEFAULT_LIMIT} without --limit)` },
  },
  examples: [
    { run: 'netxfw list deny --search 198.51.100.7', note: 'is it listed, or a network around it?' },
    { run: 'netxfw list --sort created --reverse --limit 10', note: 'the ten newest entries' },
    { run: 'netxfw list deny --json', note: 'all of them, for a program' },
  ],
  async run(context, { list, search, sort, reverse, limit, page }) {
    const pageNumber = wholeNumber('--page', page, 1);
    const wanted = wholeNumber('--limit', limit, 0);
    const size = wanted ?? (pageNumber !== undefined || context.out.interactive ? DEFAULT_LIMIT : 0);
    const count = size === 0 ? Number.POSITIVE_INFINITY : size;
    const window = { offset: size * ((pageNumber ?? 1) - 1), count };
    const order = { ...(search ? { search } : {}), ...(sort ? { sort } : {}), descending: reverse };
    const sdk = await context.sdk();
    if (list === 'dynamic') return printDynamic(context, await sdk.dynamic.list(), order, window);
    const pages = readPages(sdk.rules, { ...order, ...(list ? { list } : {}) }, window);
    await (context.json ? printRuleJson(context, pages) : printRuleTable(context, pages));
  },
});
