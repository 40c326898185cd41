import { command } from '../../command.ts';
import type { LatencyDocument } from '../../documents-observe.ts';
import { printLatency } from '../../output/perf.ts';

export default command({
  summary: 'Show how long operations on the tables take',
  description: 'In microseconds, since the daemon started or the figures were reset.',
  examples: [{ run: 'netxfw perf latency', note: 'is the kernel slow to answer?' }],
  async run(context) {
    const sdk = await context.sdk();
    const { latency } = await sdk.perf.get();
    if (context.json) return context.out.json<LatencyDocument>({ latency });
    await printLatency(context.out, latency);
  },
});
