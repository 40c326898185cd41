import { command } from '../../command.ts';
import { printDynamic } from '../../output/dynamic.ts';

export default command({
  summary: 'Show the dynamic list',
  examples: [{ run: 'netxfw dynamic list', note: 'who is blocked right now, and for how long' }],
  async run(context) {
    const sdk = await context.sdk();
    await printDynamic(context, await sdk.dynamic.list());
  },
});
