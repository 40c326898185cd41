import { command } from '../../command.ts';
import type { ClearedDocument } from '../../documents.ts';
import { plural } from '../../output/format.ts';

export default command({
  summary: 'Lift all dynamic blocks',
  examples: [{ run: 'netxfw dynamic clear', note: 'after a false alarm' }],
  async run(context) {
    const sdk = await context.sdk();
    const removed = await sdk.dynamic.clear();
    if (context.json) return context.out.json<ClearedDocument>({ removed });
    await context.out.result(`removed ${plural(removed, 'dynamic block')}`);
  },
});
