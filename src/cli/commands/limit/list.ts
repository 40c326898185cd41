import type { Limit } from '../../../model/limits.ts';
import { command } from '../../command.ts';
import type { LimitsDocument } from '../../documents.ts';
import { formatCount, formatTime } from '../../output/format.ts';
import { type Column, Table } from '../../output/table.ts';

export default command({
  summary: 'Show the rate limits',
  examples: [{ run: 'netxfw limit list', note: 'and how many packets each has dropped' }],
  async run(context) {
    const { out } = context;
    const sdk = await context.sdk();
    const limits = await sdk.limits.list();
    if (context.json) return out.json<LimitsDocument>({ limits });
    if (limits.length === 0) out.notice('there are no limits');
    else await new Table(out, COLUMNS).print(limits);
  },
});

const COLUMNS: readonly Column<Limit>[] = [
  { title: 'network', value: ({ prefix }) => prefix },
  { title: 'packets/s', value: ({ rate }) => formatCount(rate), right: true },
  { title: 'at once', value: ({ burst }) => formatCount(burst), right: true },
  { title: 'dropped', value: ({ dropped }) => formatCount(dropped), right: true },
  { title: 'made by', value: ({ source }) => source, optional: true },
  { title: 'created (UTC)', value: ({ createdAt }) => formatTime(createdAt), optional: true },
];
