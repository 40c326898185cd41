import { command } from '../../command.ts';
import { ADD_OPTIONS, addEntries, ENDPOINT_HELP } from '../../entries.ts';

export default command({
  summary: 'Let addresses and networks pass, wholly or to some ports',
  description: `The allow list has the highest priority: what it names passes, whatever else denies it. With a port only
    packets to that port pass, unless a list denies the source. Several addresses are one change: all of them, or
    none when one is refused.`,
  args: { address: { help: ENDPOINT_HELP, many: true } },
  options: ADD_OPTIONS,
  examples: [
    { run: 'netxfw allow 198.51.100.7', note: 'your own address, before anything else is denied' },
    { run: 'netxfw allow 2001:db8:1::/48 --reason office --ttl 8h', note: 'a network for one working day' },
    { run: 'netxfw allow 192.0.2.0/24:5432/tcp', note: 'the database, for one network only' },
  ],
  run: (context, { address, ...input }) => addEntries(context, 'allow', address, input),
});
