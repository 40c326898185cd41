import { command } from '../../command.ts';
import { LIST_DESCRIPTION, LIST_OPTIONS, showLists } from '../../listing.ts';

export default command({
  summary: 'Show the deny list and the dynamic list',
  description: `The dynamic list holds the short-lived blocks, by hand or by the firewall itself. ${LIST_DESCRIPTION}`,
  options: {
    static: { help: 'only the deny list' },
    dynamic: { help: 'only the dynamic list' },
    ...LIST_OPTIONS,
  },
  examples: [
    { run: 'netxfw deny list', note: 'everybody who is denied' },
    { run: 'netxfw deny list --dynamic', note: 'who is blocked for a while' },
    { run: 'netxfw deny list --static --search scan', note: 'denied by hand for scanning' },
  ],
  run(context, { static: fixed, dynamic, ...input }) {
    const both = fixed === dynamic;
    return showLists(context, both ? ['deny', 'dynamic'] : fixed ? ['deny'] : ['dynamic'], input);
  },
});
