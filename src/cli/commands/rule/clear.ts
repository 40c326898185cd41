import { LISTS } from '../../../model/entries.ts';
import { NetxfwError } from '../../../model/errors.ts';
import { confirmed, YES_OPTION } from '../../ask.ts';
import { CHANGE_OPTIONS, change } from '../../change.ts';
import { command } from '../../command.ts';
import type { ClearedDocument } from '../../documents.ts';
import { plural } from '../../output/format.ts';
import { printBulkRemoval } from '../../output/rules.ts';

export default command({
  summary: 'Remove all entries of the lists, or those that match',
  description: `Entries that config.yaml makes stay; with --search also those that a feed or another source wants. A
    question is asked on a terminal; elsewhere, and with --yes, there is none.`,
  args: { list: { help: 'only this list', optional: true, choices: LISTS } },
  options: {
    search: { short: 's', value: 'TEXT', help: 'only what matches, as `netxfw list --search` shows it; needs a list' },
    ...YES_OPTION,
    ...CHANGE_OPTIONS,
  },
  examples: [
    { run: 'netxfw rule clear deny', note: 'before another list is imported' },
    { run: 'netxfw rule clear deny --search blocklist.example', note: 'what an import gave this reason' },
  ],
  async run(context, { list, search, yes, ...input }) {
    const { out } = context;
    if (search !== undefined) {
      if (list === undefined) throw new NetxfwError('USAGE', '--search needs a list: allow or deny');
      const found = await (await context.sdk()).rules.previewRemoval({ list, search });
      const expect = found.removed + found.staying;
      const about = `${plural(expect, 'entry', 'entries')} of the ${list} list match "${search}".`;
      if (expect > 0 && !(await confirmed(context, yes, about))) return out.notice('nothing was changed');
      const done = await change(context, input, (sdk, options) =>
        sdk.rules.removeMany({ list, search, expect }, options),
      );
      if (context.json) return out.json<ClearedDocument>({ ...done });
      return printBulkRemoval(out, list, done);
    }
    const which = list === undefined ? 'the allow and deny lists' : `the ${list} list`;
    if (!(await confirmed(context, yes, `All entries of ${which} go.`))) return out.notice('nothing was changed');
    const removed = await change(context, input, (sdk, options) => sdk.rules.clear(list, options));
    if (context.json) return out.json<ClearedDocument>({ removed });
    await out.result(`removed ${plural(removed, 'entry', 'entries')} from ${which}`);
  },
});
