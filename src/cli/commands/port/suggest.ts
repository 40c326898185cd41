import type { PortSuggestion } from '../../../model/open-ports.ts';
import { command } from '../../command.ts';
import type { SuggestionsDocument } from '../../documents.ts';
import { type Column, Table } from '../../output/table.ts';

export default command({
  summary: 'Show services that listen on ports which are not open',
  description: 'To be looked at before default deny is switched on: what nobody opens cannot be reached then.',
  examples: [{ run: 'netxfw port suggest', note: 'which services would be cut off?' }],
  async run(context) {
    const { out } = context;
    const sdk = await context.sdk();
    const suggestions = await sdk.ports.suggest();
    if (context.json) return out.json<SuggestionsDocument>({ suggestions });
    if (suggestions.length === 0) return out.notice('every service that listens has its port open');
    await new Table(out, COLUMNS).print(suggestions);
    const specs = [...new Set(suggestions.map(({ port, protocol }) => `${port}/${protocol}`))];
    out.notice(`all of them: netxfw port add ${specs.join(' ')}`);
  },
});

const COLUMNS: readonly Column<PortSuggestion>[] = [
  { title: 'port', value: ({ port, protocol }) => `${port}/${protocol}` },
  { title: 'listens on', value: ({ address }) => address },
  { title: 'process', value: ({ process }) => process ?? '', shrink: true },
];
