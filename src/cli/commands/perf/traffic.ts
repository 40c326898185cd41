import { command } from '../../command.ts';
import type { TrafficDocument } from '../../documents-observe.ts';
import { printTraffic } from '../../output/perf.ts';
import { WATCH_OPTIONS, watch } from '../../watch.ts';

export default command({
  summary: 'Show packets and bits a second, by reason',
  options: WATCH_OPTIONS,
  examples: [
    { run: 'netxfw perf traffic --watch', note: 'live, until Ctrl-C' },
    { run: 'netxfw perf traffic --count 10 --interval 2s --json', note: 'ten readings, one a line' },
  ],
  async run(context, input) {
    const sdk = await context.sdk();
    const many = input.watch || input.count !== undefined;
    await watch(context, input, async () => {
      const { traffic } = await sdk.perf.get();
      if (!context.json) return printTraffic(context.out, traffic);
      if (many) return context.out.jsonLine<TrafficDocument>({ traffic });
      await context.out.json<TrafficDocument>({ traffic });
    });
  },
});
