import { LISTS } from '../../../model/entries.ts';
import { command } from '../../command.ts';
import { ENTRY_OPTIONS, ruleInputs } from '../../input.ts';
import { printChanges } from '../../output/rules.ts';

export default command({
  summary: 'Add addresses and networks to a list',
  description: 'The long form of `netxfw allow` and `netxfw deny`, for scripts that choose the list.',
  args: {
    list: { help: 'the list', choices: LISTS },
    address: { help: 'IPv4 or IPv6 address, or a network such as 192.0.2.0/24', many: true },
  },
  options: ENTRY_OPTIONS,
  examples: [{ run: 'netxfw rule add deny 192.0.2.1 --ttl 1h', note: 'the same as `netxfw deny 192.0.2.1 --ttl 1h`' }],
  async run(context, { list, address, ttl, reason }) {
    const rules = ruleInputs(list, address, { ttl, reason });
    const sdk = await context.sdk();
    await printChanges(context, await sdk.rules.addMany(rules));
  },
});
