import { command } from '../../command.ts';
import { ENTRY_OPTIONS, ruleInputs } from '../../input.ts';
import { printChanges } from '../../output/rules.ts';

export default command({
  summary: 'Drop everything from addresses and networks',
  description: `Their packets are dropped before anything else of this host sees them, those of open connections too,
    unless the allow list names them. Several addresses are one change: all of them, or none when one is refused.`,
  args: { address: { help: 'IPv4 or IPv6 address, or a network such as 192.0.2.0/24', many: true } },
  options: ENTRY_OPTIONS,
  examples: [
    { run: 'netxfw deny 192.0.2.1', note: 'until it is removed' },
    { run: 'netxfw deny 192.0.2.0/24 2001:db8::/32 --ttl 1h --reason scan', note: 'two networks, for an hour' },
  ],
  async run(context, { address, ttl, reason }) {
    const rules = ruleInputs('deny', address, { ttl, reason });
    const sdk = await context.sdk();
    await printChanges(context, await sdk.rules.addMany(rules));
  },
});
