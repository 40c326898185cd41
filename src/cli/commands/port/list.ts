import { command } from '../../command.ts';
import type { OpenPortsDocument } from '../../documents.ts';
import { printOpenPorts } from '../../output/open-ports.ts';

export default command({
  summary: 'Show the open ports',
  description: 'Ports that default deny lets through for everybody, and whether default deny is on.',
  examples: [{ run: 'netxfw port list', note: 'what can be reached from outside?' }],
  async run(context) {
    const { out } = context;
    const sdk = await context.sdk();
    const [ports, { config }] = await Promise.all([sdk.ports.list(), sdk.config.get()]);
    const { default_deny: defaultDeny, failsafe_ports: failsafePorts } = config.base;
    if (context.json) return out.json<OpenPortsDocument>({ defaultDeny, failsafePorts, ports });
    if (!defaultDeny) out.notice('default deny is off, so that every port is open: netxfw security default-deny on');
    else if (failsafePorts.length > 0) out.notice(`always open besides these (tcp): ${failsafePorts.join(', ')}`);
    await printOpenPorts(out, ports);
  },
});
