import type { SourceCount } from '../../../model/sources.ts';
import { command } from '../../command.ts';
import type { SourcesDocument } from '../../documents-observe.ts';
import { formatCount } from '../../output/format.ts';
import { type Column, Table } from '../../output/table.ts';

const COLUMNS: readonly Column<SourceCount>[] = [
  { title: 'source', value: ({ source }) => source },
  { title: 'list', value: ({ list }) => list },
  { title: 'entries', value: ({ entries }) => formatCount(entries), right: true },
  { title: 'shared', value: ({ shared }) => formatCount(shared), right: true },
];

export default command({
  summary: 'Show who wants how many entries',
  examples: [{ run: 'netxfw source list', note: 'where do all these entries come from?' }],
  async run(context) {
    const sdk = await context.sdk();
    const sources = await sdk.rules.sources();
    if (context.json) return context.out.json<SourcesDocument>({ sources });
    if (sources.length === 0) context.out.notice('there are no entries');
    else await new Table(context.out, COLUMNS).print(sources);
  },
});
