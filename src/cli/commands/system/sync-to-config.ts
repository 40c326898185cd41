import { CHANGE_OPTIONS, change } from '../../change.ts';
import { command } from '../../command.ts';
import type { SyncedDocument } from '../../documents.ts';
import { plural } from '../../output/format.ts';

export default command({
  summary: 'Copy what commands have added into config.yaml',
  description: `Rules, limits and ports that were made by commands are kept apart from config.yaml. This writes them
    into it, with its comments kept, for hosts that are set up from one file.`,
  examples: [{ run: 'netxfw system sync to-config', note: 'before the file is copied to another host' }],
  options: CHANGE_OPTIONS,
  async run(context, input) {
    const { copied } = await change(context, input, (sdk, options) => sdk.config.syncToConfig(options));
    if (context.json) return context.out.json<SyncedDocument>({ copied });
    await context.out.result(`copied ${plural(copied, 'entry', 'entries')} into config.yaml`);
  },
});
