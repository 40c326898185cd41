import { change, RISK_OPTION } from '../../change.ts';
import { command } from '../../command.ts';
import type { DynamicDocument } from '../../documents.ts';
import { checkPrefix, ENTRY_OPTIONS, entryFields } from '../../input.ts';
import { formatRemaining } from '../../output/format.ts';

export default command({
  summary: 'Block a source for a while',
  description: `The dynamic list is kept in the kernel only, is never written to disk, and is where the firewall
    puts sources that it blocks by itself. It holds hosts and IPv6 /64 networks.`,
  args: { address: { help: 'IPv4 or IPv6 address, or an IPv6 /64' } },
  options: {
    ...ENTRY_OPTIONS,
    reason: { value: 'TEXT', help: 'why; shown in lists (at most 31 bytes)' },
    ...RISK_OPTION,
  },
  examples: [{ run: 'netxfw dynamic add 192.0.2.1 --ttl 10m', note: 'for ten minutes' }],
  async run(context, { address, ttl, reason, ...options }) {
    const input = { prefix: checkPrefix(address), ...entryFields({ ttl, reason }) };
    const added = await change(context, options, (sdk, manner) => sdk.dynamic.add(input, manner));
    if (context.json) {
      return context.out.json<DynamicDocument>({ total: 1, dynamic: [added] });
    }
    const limit = added.expiresAt === null ? '' : ` for ${formatRemaining(added.expiresAt, context.now())}`;
    await context.out.result(`blocked ${added.prefix}${limit}`);
  },
});
