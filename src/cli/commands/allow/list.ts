import { command } from '../../command.ts';
import { LIST_DESCRIPTION, LIST_OPTIONS, showLists } from '../../listing.ts';

export default command({
  summary: 'Show the allow list',
  description: LIST_DESCRIPTION,
  options: LIST_OPTIONS,
  examples: [{ run: 'netxfw allow list', note: 'who passes whatever happens' }],
  run: (context, input) => showLists(context, ['allow'], input),
});
