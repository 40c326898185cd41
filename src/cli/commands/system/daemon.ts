import { command } from '../../command.ts';
import type { Context } from '../../context.ts';
import type { DaemonDocument } from '../../documents.ts';
import type { DaemonReport } from '../../host.ts';
import { INTERFACE_OPTION, interfaceNames } from '../../input.ts';
import { printStart } from '../../output/start.ts';

export default command({
  summary: 'Run the daemon in the foreground',
  description: `Attaches the filter, or takes over one that is attached already, and answers on the local
    socket, which all other commands use when it is there, until SIGTERM or SIGINT. Also serves the REST API, the web UI and
    the metrics, where config.yaml says (api, web, metrics). The filter stays attached when the daemon ends.`,
  options: INTERFACE_OPTION,
  examples: [
    { run: 'netxfw system daemon', note: 'on the interfaces of config.yaml, or that of the default route' },
    { run: 'netxfw -c /etc/netxfw/lan.yaml system daemon -i eth1', note: 'a second instance' },
  ],
  async run(context, { interface: names }) {
    const host = await context.environment.host();
    let printed: Promise<void> | undefined;
    const onReady = (report: DaemonReport) => {
      printed = announce(context, report);
    };
    await host.daemon({ ...context.configOption(), interfaces: interfaceNames(names), onReady });
    await printed;
  },
});

async function announce(context: Context, report: DaemonReport): Promise<void> {
  const { out } = context;
  if (context.json) return out.json<DaemonDocument>(report);
  // The journal has the daemon's log, which says the same.
  if (context.environment.variables.JOURNAL_STREAM !== undefined) return;
  await printStart(context, report);
  for (const { name, address, problem } of report.status.listeners) {
    const where = problem === null ? address : out.style.yellow('does not listen, see the warning');
    await out.line(`${name.padEnd(7)} ${where}`);
  }
  if (report.tokens === 0) {
    await out.line('tokens  none yet; for the API and the web UI: netxfw token create NAME');
  }
  await out.line('running: Ctrl-C or SIGTERM ends the daemon, the filter stays');
}
