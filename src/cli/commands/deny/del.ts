import { CHANGE_OPTIONS } from '../../change.ts';
import { command } from '../../command.ts';
import { removeEntry } from '../../entries.ts';

export default command({
  summary: 'Remove an address or network from the deny list',
  description: 'The entry that was made for exactly this address or network, or the rule for this source and port.',
  args: { address: { help: 'address or network, as it was added, with its ports if it has any' } },
  options: CHANGE_OPTIONS,
  examples: [{ run: 'netxfw deny del 192.0.2.1', note: 'the other list is left alone' }],
  run: (context, { address, ...input }) => removeEntry(context, 'deny', address, input),
});
