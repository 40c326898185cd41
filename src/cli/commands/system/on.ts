import { command } from '../../command.ts';
import type { SwitchDocument } from '../../documents.ts';
import { printStart } from '../../output/start.ts';

export default command({
  summary: 'Switch the filter on, with the rules that are saved',
  description: `Without a daemon the same as \`netxfw system load\`: the filter is attached with everything that is on
    disk, and stays when the command ends. While a daemon runs it is on already, and the answer says where.`,
  examples: [{ run: 'netxfw enable', note: 'after netxfw disable' }],
  async run(context) {
    const { out } = context;
    const daemon = await context.daemonVersion();
    const report =
      daemon === null
        ? await (await context.environment.host()).load({ ...context.configOption(), interfaces: [] })
        : null;
    const attachments = report?.attachments ?? (await (await context.sdk()).system.status()).attachments;
    const interfaces = attachments.map(({ interface: name }) => name);
    if (context.json) return out.json<SwitchDocument>({ on: true, interfaces });
    if (report === null) return out.result(`on already, by the daemon, on ${interfaces.join(', ')}`);
    for (const notice of report.notices) out.notice(notice);
    await printStart(context, report);
    out.notice('no daemon runs: rules are enforced, but nothing answers on the network: netxfw system daemon');
  },
});
