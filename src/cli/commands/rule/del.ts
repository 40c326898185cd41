import { LISTS } from '../../../model/entries.ts';
import { command } from '../../command.ts';
import { checkPrefix } from '../../input.ts';
import { printRemoval } from '../../output/rules.ts';

export default command({
  summary: 'Remove an address or network from the lists',
  description: `Removes the entry that was made for exactly this address or network, from both lists unless --list
    names one. An address inside a listed network has no entry of its own; the message then names the network.`,
  args: { address: { help: 'address or network, as it was added' } },
  options: { list: { value: 'LIST', choices: LISTS, help: 'only from this list' } },
  examples: [
    { run: 'netxfw del 192.0.2.1', note: 'from whichever list has it' },
    { run: 'netxfw del 192.0.2.0/24 --list deny', note: 'keep it on the allow list' },
  ],
  async run(context, { address, list }) {
    const prefix = checkPrefix(address);
    const sdk = await context.sdk();
    await printRemoval(context, await sdk.rules.remove(prefix, list));
  },
});
