import { command } from '../../command.ts';
import type { SwitchDocument } from '../../documents.ts';

export default command({
  summary: 'Switch the filter off and keep the rules',
  description: `The same as \`netxfw system unload\`: a daemon that runs is stopped, the filter is detached, and all
    packets pass. The rules stay on disk and are in force again after \`netxfw enable\`, or when the daemon starts.`,
  examples: [{ run: 'netxfw disable', note: 'is it the firewall?' }],
  async run(context) {
    const { out } = context;
    const host = await context.environment.host();
    const onNotice = (notice: string) => out.notice(notice);
    const { detached } = await host.unload({ ...context.configOption(), onNotice });
    if (context.json) return out.json<SwitchDocument>({ on: false, interfaces: detached });
    await out.result(detached.length === 0 ? 'off already' : `off on ${detached.join(', ')}: all packets pass`);
    if (detached.length > 0) out.notice('the rules are kept: netxfw enable');
  },
});
