import { command } from '../../command.ts';
import { ENTRY_OPTIONS, ruleInputs } from '../../input.ts';
import { printChanges } from '../../output/rules.ts';

export default command({
  summary: 'Let everything from addresses and networks pass',
  description: `The allow list has the highest priority: what it names passes, whatever else denies it. Several
    addresses are one change: all of them, or none when one is refused.`,
  args: { address: { help: 'IPv4 or IPv6 address, or a network such as 192.0.2.0/24', many: true } },
  options: ENTRY_OPTIONS,
  examples: [
    { run: 'netxfw allow 198.51.100.7', note: 'your own address, before anything else is denied' },
    { run: 'netxfw allow 2001:db8:1::/48 --reason office --ttl 8h', note: 'a network for one working day' },
  ],
  async run(context, { address, ttl, reason }) {
    const rules = ruleInputs('allow', address, { ttl, reason });
    const sdk = await context.sdk();
    await printChanges(context, await sdk.rules.addMany(rules));
  },
});
