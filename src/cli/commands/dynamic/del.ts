import { command } from '../../command.ts';
import type { ClearedDocument } from '../../documents.ts';
import { checkPrefix } from '../../input.ts';

export default command({
  summary: 'Lift a dynamic block',
  args: { address: { help: 'address or IPv6 /64, as the list shows it' } },
  examples: [{ run: 'netxfw dynamic del 192.0.2.1', note: 'before its time' }],
  async run(context, { address }) {
    const prefix = checkPrefix(address);
    const sdk = await context.sdk();
    await sdk.dynamic.remove(prefix);
    if (context.json) return context.out.json<ClearedDocument>({ removed: 1 });
    await context.out.result(`removed ${prefix} from the dynamic list`);
  },
});
