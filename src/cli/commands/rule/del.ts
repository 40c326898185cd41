import { LISTS } from '../../../model/entries.ts';
import { CHANGE_OPTIONS } from '../../change.ts';
import { command } from '../../command.ts';
import { removeEntry } from '../../entries.ts';

export default command({
  summary: 'Remove an address or network from the lists',
  description: `Removes the entry that was made for exactly this address or network, from both lists unless --list
    names one. An address inside a listed network has no entry of its own; the message then names the network. With
    a port it removes the rule for that source and port.`,
  args: { address: { help: 'address or network, as it was added, with its ports if it has any' } },
  options: { list: { value: 'LIST', choices: LISTS, help: 'only from this list' }, ...CHANGE_OPTIONS },
  examples: [
    { run: 'netxfw del 192.0.2.1', note: 'from whichever list has it' },
    { run: 'netxfw del 192.0.2.0/24 --list deny', note: 'keep it on the allow list' },
    { run: 'netxfw del 192.0.2.0/24:5432/tcp', note: 'the rule for one port' },
  ],
  run: (context, { address, list, ...input }) => removeEntry(context, list, address, input),
});
