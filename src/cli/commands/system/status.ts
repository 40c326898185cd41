import { command } from '../../command.ts';
import type { StatusDocument } from '../../documents.ts';
import { printStatus } from '../../output/status.ts';

export default command({
  summary: 'Show what the firewall is attached to, and how it fares',
  description: 'Attachments and their mode, rules, packets, the fill of the maps, and warnings with their remedy.',
  examples: [
    { run: 'netxfw status', note: 'one screen' },
    { run: 'netxfw status --json', note: 'for a program' },
  ],
  async run(context) {
    const sdk = await context.sdk();
    const status = await sdk.system.status();
    if (context.json) return context.out.json<StatusDocument>({ status });
    await printStatus(context, status);
  },
});
