import { command } from '../../command.ts';
import type { FeedOverlap, OverlapDocument } from '../../documents-observe.ts';
import { formatCount } from '../../output/format.ts';
import { type Column, Table } from '../../output/table.ts';

const percent = (part: number, whole: number) => (whole === 0 ? '0 %' : `${Math.round((part / whole) * 100)} %`);

const COLUMNS: readonly Column<FeedOverlap>[] = [
  { title: 'feed', value: ({ name }) => name },
  { title: 'entries', value: ({ entries }) => formatCount(entries), right: true },
  { title: 'only here', value: ({ unique }) => formatCount(unique), right: true },
  {
    title: 'covered by',
    value: ({ entries, covered }) =>
      Object.entries(covered)
        .filter(([, count]) => count > 0)
        .sort(([, a], [, b]) => b - a)
        .map(([name, count]) => `${name} ${percent(count, entries)}`)
        .join(', '),
    shrink: true,
  },
];

export default command({
  summary: 'Show what the lists of others have in common',
  description: 'A list of which others cover nearly everything costs memory and brings little.',
  examples: [{ run: 'netxfw feeds overlap', note: 'which list can go?' }],
  async run(context) {
    const sdk = await context.sdk();
    const overlap = (await sdk.extensions.call('feeds', 'overlap')) as readonly FeedOverlap[];
    if (context.json) return context.out.json<OverlapDocument>({ overlap });
    if (overlap.length === 0) context.out.notice('no feed is configured');
    else await new Table(context.out, COLUMNS).print(overlap);
  },
});
