import { change, RISK_OPTION } from '../../change.ts';
import { command } from '../../command.ts';
import type { SourceDocument } from '../../documents-observe.ts';
import { SOURCE_ARGUMENTS } from '../../source.ts';

export default command({
  summary: 'Take back entries that a program owns',
  description: 'What somebody else wants too stays. An address that the source does not have is no error.',
  args: { ...SOURCE_ARGUMENTS, address: { help: 'addresses and networks', many: true } },
  options: RISK_OPTION,
  examples: [{ run: 'netxfw source del fail2ban:sshd deny 192.0.2.1', note: 'what an unban of fail2ban runs' }],
  async run(context, { source, list, address, ...input }) {
    const update = { source, list, add: [], remove: address };
    const result = await change(context, input, (sdk, options) => sdk.rules.updateSource(update, options));
    if (context.json) return context.out.json<SourceDocument>({ result });
    await context.out.result(`${source}: ${result.removed} removed, ${result.entries} in the ${list} list`);
  },
});
