import { command } from '../../command.ts';
import type { FeedState, FeedsDocument } from '../../documents-observe.ts';
import { formatCount } from '../../output/format.ts';
import { type Column, Table } from '../../output/table.ts';

const COLUMNS: readonly Column<FeedState>[] = [
  { title: 'feed', value: ({ name }) => name },
  { title: 'action', value: ({ action }) => action },
  { title: 'entries', value: ({ entries }) => formatCount(entries), right: true },
  { title: 'checked', value: ({ checkedAt }) => checkedAt?.replace('T', ' ').slice(0, 16) ?? '' },
  {
    title: 'state',
    value: ({ ok, message }) => (ok ? message || 'good' : message),
    shrink: true,
    style: ({ ok }) => (ok ? undefined : 'red'),
  },
  { title: 'from', value: ({ from }) => from, shrink: true, optional: true },
];

export default command({
  summary: 'Show the lists of others, and how they are',
  examples: [{ run: 'netxfw feeds list', note: 'is every list up to date?' }],
  async run(context) {
    const sdk = await context.sdk();
    const feeds = (await sdk.extensions.call('feeds', 'status')) as readonly FeedState[];
    if (context.json) return context.out.json<FeedsDocument>({ feeds });
    if (feeds.length === 0) context.out.notice('no feed is configured');
    else await new Table(context.out, COLUMNS).print(feeds);
  },
});
