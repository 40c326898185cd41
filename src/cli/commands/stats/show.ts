import { command } from '../../command.ts';
import type { StatsDocument } from '../../documents.ts';
import { printStats } from '../../output/stats.ts';

export default command({
  summary: 'Show packets and bytes by verdict and reason',
  description: 'Counted by the kernel program, each packet once, since the filter was loaded.',
  examples: [
    { run: 'netxfw stats', note: 'what was dropped, and why' },
    { run: 'netxfw stats --json', note: 'for a program' },
  ],
  async run(context) {
    const sdk = await context.sdk();
    const stats = await sdk.stats.get();
    if (context.json) return context.out.json<StatsDocument>({ stats });
    await printStats(context, stats);
  },
});
