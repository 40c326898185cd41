import { change, RISK_OPTION } from '../../change.ts';
import { command } from '../../command.ts';
import type { SourceDocument } from '../../documents-observe.ts';
import { SOURCE_ARGUMENTS } from '../../source.ts';

export default command({
  summary: 'Take back everything that a program owns in a list',
  description: 'What somebody else wants too stays.',
  args: SOURCE_ARGUMENTS,
  options: RISK_OPTION,
  examples: [{ run: 'netxfw source clear fail2ban:sshd deny', note: 'fail2ban stops' }],
  async run(context, { source, list, ...input }) {
    const nothing = { source, list, data: [] };
    const result = await change(context, input, (sdk, options) => sdk.rules.replaceSource({ ...nothing, options }));
    if (context.json) return context.out.json<SourceDocument>({ result });
    await context.out.result(`${source}: ${result.removed} removed from the ${list} list`);
  },
});
