import { LISTS } from '../../../model/entries.ts';
import { command } from '../../command.ts';
import { ADD_OPTIONS, addEntries, ENDPOINT_HELP } from '../../entries.ts';

export default command({
  summary: 'Add addresses and networks to a list',
  description: 'The long form of `netxfw allow` and `netxfw deny`, for scripts that choose the list.',
  args: { list: { help: 'the list', choices: LISTS }, address: { help: ENDPOINT_HELP, many: true } },
  options: ADD_OPTIONS,
  examples: [{ run: 'netxfw rule add deny 192.0.2.1 --ttl 1h', note: 'the same as `netxfw deny 192.0.2.1 --ttl 1h`' }],
  run: (context, { list, address, ...input }) => addEntries(context, list, address, input),
});
