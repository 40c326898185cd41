import { command } from '../../command.ts';
import type { PluginsDocument } from '../../documents-observe.ts';
import { PLUGIN_COLUMNS } from '../../output/plugins.ts';
import { Table } from '../../output/table.ts';

export default command({
  summary: 'Show the packet plugins that are loaded',
  examples: [{ run: 'netxfw plugin list', note: 'who judges packets before the filter?' }],
  async run(context) {
    const { out } = context;
    const sdk = await context.sdk();
    const plugins = await sdk.plugins.list();
    if (context.json) return out.json<PluginsDocument>({ plugins });
    if (plugins.length === 0) out.notice('no plugin is loaded');
    else await new Table(out, PLUGIN_COLUMNS).print(plugins);
  },
});
