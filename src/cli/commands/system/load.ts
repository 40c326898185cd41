import { command } from '../../command.ts';
import type { LoadDocument } from '../../documents.ts';
import { INTERFACE_OPTION, interfaceNames } from '../../input.ts';
import { printStart } from '../../output/start.ts';

export default command({
  summary: 'Attach the filter and leave it running',
  description: `Loads the kernel program with the rules that are on disk, attaches it and returns. The filter stays
    until \`netxfw system unload\`, with or without a daemon. Nothing is dropped until a rule says so.`,
  options: INTERFACE_OPTION,
  examples: [
    { run: 'netxfw system load', note: 'on the interfaces of config.yaml, or that of the default route' },
    { run: 'netxfw system load -i eth0 -i eth1', note: 'on these two' },
  ],
  async run(context, { interface: names }) {
    const host = await context.environment.host();
    const report = await host.load({ ...context.configOption(), interfaces: interfaceNames(names) });
    if (context.json) return context.out.json<LoadDocument>(report);
    for (const notice of report.notices) context.out.notice(notice);
    await printStart(context, report);
  },
});
