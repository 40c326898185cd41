import { command } from '../../command.ts';
import { showPortRules } from '../../listing.ts';

export default command({
  summary: 'Show the sources that are denied for some ports',
  description: `Made with \`netxfw deny ADDRESS:PORT\` or in config.yaml. The most specific rule decides: the longest network
    first, then a rule for one protocol before one for both.`,
  examples: [{ run: 'netxfw deny port list', note: 'which ports are closed to whom?' }],
  run: (context) => showPortRules(context, 'deny'),
});
