import { command } from '../../command.ts';
import type { ClearedDocument } from '../../documents.ts';

export default command({
  summary: 'Begin the measurements of perf anew',
  description: 'Latencies and caches; the packet counters of `netxfw stats` stay as they are.',
  examples: [{ run: 'netxfw perf reset', note: 'before an experiment' }],
  async run(context) {
    const sdk = await context.sdk();
    await sdk.perf.reset();
    if (context.json) return context.out.json<ClearedDocument>({ removed: 0 });
    await context.out.result('measuring anew');
  },
});
