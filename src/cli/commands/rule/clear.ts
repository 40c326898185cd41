import { LISTS } from '../../../model/entries.ts';
import { confirmed, YES_OPTION } from '../../ask.ts';
import { CHANGE_OPTIONS, change } from '../../change.ts';
import { command } from '../../command.ts';
import type { ClearedDocument } from '../../documents.ts';
import { plural } from '../../output/format.ts';

export default command({
  summary: 'Remove all entries of the lists',
  description: `Entries that config.yaml makes stay. A question is asked on a terminal; elsewhere, and with --yes,
    there is none.`,
  args: { list: { help: 'only this list', optional: true, choices: LISTS } },
  options: { ...YES_OPTION, ...CHANGE_OPTIONS },
  examples: [{ run: 'netxfw rule clear deny', note: 'before another list is imported' }],
  async run(context, { list, yes, ...input }) {
    const { out } = context;
    const which = list === undefined ? 'the allow and deny lists' : `the ${list} list`;
    if (!(await confirmed(context, yes, `All entries of ${which} go.`))) return out.notice('nothing was changed');
    const removed = await change(context, input, (sdk, options) => sdk.rules.clear(list, options));
    if (context.json) return out.json<ClearedDocument>({ removed });
    await out.result(`removed ${plural(removed, 'entry', 'entries')} from ${which}`);
  },
});
