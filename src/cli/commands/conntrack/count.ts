import { command } from '../../command.ts';
import type { FlowCountsDocument } from '../../documents-observe.ts';
import { formatCount } from '../../output/format.ts';

export default command({
  summary: 'Count the tracked connections by state',
  examples: [{ run: 'netxfw conntrack count', note: 'how full is the table?' }],
  async run(context) {
    const { out } = context;
    const sdk = await context.sdk();
    const counts = await sdk.conns.counts();
    if (context.json) return out.json<FlowCountsDocument>(counts);
    const { total, capacity, states } = counts;
    await out.line(`${formatCount(total)} of ${formatCount(capacity)} connections`);
    for (const [state, count] of Object.entries(states)) {
      if (count > 0) await out.line(`  ${state.padEnd(12)} ${formatCount(count)}`);
    }
  },
});
