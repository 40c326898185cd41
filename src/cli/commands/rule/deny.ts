import { command } from '../../command.ts';
import { ADD_OPTIONS, addEntries, ENDPOINT_HELP } from '../../entries.ts';

export default command({
  summary: 'Drop packets of addresses and networks, or some of them',
  description: `Their packets are dropped before anything else of this host sees them, those of open connections too,
    unless the allow list names them. With a port only packets to that port are dropped. Several addresses are one
    change: all of them, or none when one is refused.`,
  args: { address: { help: ENDPOINT_HELP, many: true } },
  options: ADD_OPTIONS,
  examples: [
    { run: 'netxfw deny 192.0.2.1', note: 'until it is removed' },
    { run: 'netxfw deny 192.0.2.0/24 2001:db8::/32 --ttl 1h --reason scan', note: 'two networks, for an hour' },
    { run: "netxfw deny 0.0.0.0/0:3306 '[::/0]:3306'", note: 'nobody reaches the database' },
  ],
  run: (context, { address, ...input }) => addEntries(context, 'deny', address, input),
});
