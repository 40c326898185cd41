import { command } from '../../command.ts';
import type { SyncedDocument } from '../../documents.ts';

export default command({
  summary: 'Make the kernel hold exactly what is on disk',
  description: 'Compares the tables of the kernel with the saved rules entry by entry, and repairs what differs.',
  examples: [{ run: 'netxfw system sync to-map', note: 'after another tool touched the tables' }],
  async run(context) {
    const sdk = await context.sdk();
    const { added, removed } = await sdk.config.syncToMap();
    if (context.json) return context.out.json<SyncedDocument>({ added, removed });
    const nothing = added + removed === 0;
    await context.out.result(nothing ? 'nothing differed' : `${added} brought into the kernel, ${removed} taken out`);
  },
});
