import { CHANGE_OPTIONS, change } from '../../change.ts';
import { command } from '../../command.ts';
import type { ClearedDocument } from '../../documents.ts';
import { checkPrefix } from '../../input.ts';

export default command({
  summary: 'Remove a rate limit',
  args: { network: { help: 'address or network, as the list shows it' } },
  options: CHANGE_OPTIONS,
  examples: [{ run: 'netxfw limit del 192.0.2.0/24', note: 'a larger network may still limit its sources' }],
  async run(context, { network, ...input }) {
    const prefix = checkPrefix(network);
    await change(context, input, (sdk, options) => sdk.limits.remove(prefix, options));
    if (context.json) return context.out.json<ClearedDocument>({ removed: 1 });
    await context.out.result(`removed the limit of ${prefix}`);
  },
});
