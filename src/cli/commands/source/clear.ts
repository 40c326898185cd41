import { command } from '../../command.ts';
import type { SourceDocument } from '../../documents-observe.ts';
import { SOURCE_ARGUMENTS } from '../../source.ts';

export default command({
  summary: 'Take back everything that a program owns in a list',
  description: 'What somebody else wants too stays.',
  args: SOURCE_ARGUMENTS,
  examples: [{ run: 'netxfw source clear fail2ban:sshd deny', note: 'fail2ban stops' }],
  async run(context, { source, list }) {
    const sdk = await context.sdk();
    const result = await sdk.rules.replaceSource({ source, list, data: [] });
    if (context.json) return context.out.json<SourceDocument>({ result });
    await context.out.result(`${source}: ${result.removed} removed from the ${list} list`);
  },
});
