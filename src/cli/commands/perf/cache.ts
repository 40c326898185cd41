import { command } from '../../command.ts';
import type { CacheDocument } from '../../documents-observe.ts';
import { printCaches } from '../../output/perf.ts';

export default command({
  summary: 'Show how often caches could answer',
  examples: [{ run: 'netxfw perf cache', note: 'do readers share what was read?' }],
  async run(context) {
    const sdk = await context.sdk();
    const { caches } = await sdk.perf.get();
    if (context.json) return context.out.json<CacheDocument>({ caches });
    await printCaches(context.out, caches);
  },
});
