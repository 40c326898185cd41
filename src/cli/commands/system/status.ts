import { command } from '../../command.ts';
import type { StatusDocument } from '../../documents-observe.ts';
import { printStatus } from '../../output/status.ts';
import { readOverview } from '../../overview.ts';

export default command({
  summary: 'Show what the firewall is attached to, and how it fares',
  description: `One screen: where and in which mode the filter is attached, the policy, rules, packets by reason, who is
    dropped most, the fill of the tables, a change that waits for a confirmation, and warnings with their remedy.`,
  examples: [
    { run: 'netxfw status', note: 'one screen' },
    { run: 'netxfw status --json', note: 'for a program' },
  ],
  async run(context) {
    const overview = await readOverview(await context.sdk());
    if (context.json) return context.out.json<StatusDocument>(overview);
    await printStatus(context, overview);
  },
});
