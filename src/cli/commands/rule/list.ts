import { NetxfwError } from '../../../model/errors.ts';
import { command } from '../../command.ts';
import { LIST_DESCRIPTION, LIST_OPTIONS, LIST_TYPES, showLists } from '../../listing.ts';

export default command({
  summary: 'Show the allow, deny and dynamic lists',
  description: `Without a list, allow and deny; port means the rules for sources with ports. ${LIST_DESCRIPTION}`,
  args: { list: { help: 'only this list', optional: true, choices: LIST_TYPES } },
  options: { type: { value: 'LIST', choices: LIST_TYPES, help: 'only this list' }, ...LIST_OPTIONS },
  examples: [
    { run: 'netxfw list deny --search 198.51.100.7', note: 'is it listed, or a network around it?' },
    { run: 'netxfw list --sort created --reverse --limit 10', note: 'the ten newest entries' },
    { run: 'netxfw rule list --type deny --page 2', note: 'the second hundred of a long list' },
    { run: 'netxfw list deny --json', note: 'all of them, for a program' },
  ],
  async run(context, { list, type, ...input }) {
    if (list !== undefined && type !== undefined && list !== type) {
      throw new NetxfwError('USAGE', `both the list ${list} and --type ${type} are given`);
    }
    const only = list ?? type;
    await showLists(context, only === undefined ? ['allow', 'deny'] : [only], input);
  },
});
