import { confirmed, YES_OPTION } from '../../ask.ts';
import { command } from '../../command.ts';
import type { ClearedDocument } from '../../documents.ts';
import { FLOW_OPTIONS, flowFilter } from '../../flows.ts';
import { plural } from '../../output/format.ts';

export default command({
  summary: 'Forget tracked connections',
  description: `Under default deny the answers to a forgotten connection are dropped until this host sends its next
    packet, which makes it known again. Without a filter all are forgotten; a question is asked on a terminal then.`,
  options: { ...FLOW_OPTIONS, ...YES_OPTION },
  examples: [{ run: 'netxfw conntrack flush --destination 192.0.2.9', note: 'those to one address' }],
  async run(context, { yes, ...input }) {
    const filter = flowFilter(input);
    const all = Object.keys(filter).length === 0;
    if (all && !(await confirmed(context, yes, 'All tracked connections are forgotten.'))) {
      return context.out.notice('nothing was changed');
    }
    const sdk = await context.sdk();
    const removed = await sdk.conns.flush(filter);
    if (context.json) return context.out.json<ClearedDocument>({ removed });
    await context.out.result(`forgot ${plural(removed, 'connection')}`);
  },
});
