import { command } from '../../command.ts';
import { showPortRules } from '../../listing.ts';

export default command({
  summary: 'Show the sources that are allowed for some ports',
  description: `Made with \`netxfw allow ADDRESS:PORT\` or in config.yaml. The most specific rule decides: the longest network
    first, then a rule for one protocol before one for both.`,
  examples: [{ run: 'netxfw allow port list', note: 'who may reach the database?' }],
  run: (context) => showPortRules(context, 'allow'),
});
