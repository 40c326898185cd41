import { command } from '../../command.ts';
import type { PerfDocument } from '../../documents-observe.ts';
import { printCaches, printLatency, printProcess, printTraffic } from '../../output/perf.ts';

export default command({
  summary: 'Show traffic, latencies, caches and the process',
  examples: [
    { run: 'netxfw perf show', note: 'everything that is measured' },
    { run: 'netxfw perf show --json', note: 'for a program' },
  ],
  async run(context) {
    const { out } = context;
    const sdk = await context.sdk();
    const perf = await sdk.perf.get();
    if (context.json) return out.json<PerfDocument>({ perf });
    await printTraffic(out, perf.traffic);
    await out.line();
    await printProcess(out, perf.process);
    await out.line();
    await printLatency(out, perf.latency);
    await out.line();
    await printCaches(out, perf.caches);
  },
});
