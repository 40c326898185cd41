import { covers, parseAddress, parsePrefix } from '../../../model/prefixes.ts';
import { command } from '../../command.ts';
import { printMatches } from '../../output/matches.ts';

export default command({
  summary: 'Show which entries touch an address',
  description: `Every entry whose address or network contains it, the one that decides first: allow before dynamic
    before deny, the longest network first.`,
  args: { address: { help: 'IPv4 or IPv6 address' } },
  examples: [{ run: 'netxfw match 198.51.100.7', note: 'why does this customer not get through?' }],
  async run(context, { address }) {
    const source = parseAddress(address);
    const sdk = await context.sdk();
    const [matches, blocks] = await Promise.all([sdk.rules.match(address), sdk.dynamic.list()]);
    const dynamic = blocks.filter(({ prefix }) => covers(parsePrefix(prefix).prefix, source));
    await printMatches(context, { address, matches, dynamic });
  },
});
