import { parsePorts } from '../../../model/ports.ts';
import { CHANGE_OPTIONS, change } from '../../change.ts';
import { command } from '../../command.ts';
import type { OpenedDocument } from '../../documents.ts';
import { openPortName } from '../../output/open-ports.ts';

export default command({
  summary: 'Open ports for everybody',
  description: `Under default deny, packets to an open port pass unless a list denies their source. Without default deny
    every port is open, and this has no effect yet. Several are opened as one change, all or none.`,
  args: { ports: { help: 'a port or range, 80, 443/tcp, 8080-8090 or 53/udp; without /tcp or /udp both', many: true } },
  options: CHANGE_OPTIONS,
  examples: [
    { run: 'netxfw port add 80 443/tcp', note: 'a web server' },
    { run: 'netxfw port add 8080-8090/tcp', note: 'a range' },
  ],
  async run(context, { ports, ...input }) {
    for (const spec of ports) parsePorts(spec);
    const edit = { open: ports, close: [] };
    const { opened } = await change(context, input, (sdk, options) => sdk.ports.edit(edit, options));
    if (context.json) return context.out.json<OpenedDocument>({ ports: opened });
    for (const { change: kind, port } of opened) {
      const name = openPortName(port);
      await context.out.result(kind === 'unchanged' ? `${name} was open already` : `opened ${name}`);
    }
  },
});
