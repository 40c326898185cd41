import { change, RISK_OPTION } from '../../change.ts';
import { command } from '../../command.ts';
import type { SourceDocument } from '../../documents-observe.ts';
import { ENTRY_OPTIONS, entryFields } from '../../input.ts';
import { SOURCE_ARGUMENTS } from '../../source.ts';

export default command({
  summary: 'Add entries that a program owns',
  description: `An entry stays as long as one source, or a person, wants it: what two programs block, one of them cannot
    unblock for the other.`,
  args: { ...SOURCE_ARGUMENTS, address: { help: 'addresses and networks', many: true } },
  options: { ...ENTRY_OPTIONS, ...RISK_OPTION },
  examples: [{ run: 'netxfw source add fail2ban:sshd deny 192.0.2.1 --ttl 10m', note: 'what a ban of fail2ban runs' }],
  async run(context, { source, list, address, ...options }) {
    const fields = entryFields(options);
    const add = address.map((prefix) => ({ prefix, ...fields }));
    const update = { source, list, add, remove: [] };
    const result = await change(context, options, (sdk, own) => sdk.rules.updateSource(update, own));
    if (context.json) return context.out.json<SourceDocument>({ result });
    for (const notice of result.notices) context.out.notice(notice);
    await context.out.result(`${source}: ${result.added} added, ${result.entries} in the ${list} list`);
  },
});
