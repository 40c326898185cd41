import { command } from '../../command.ts';
import type { SecurityDocument } from '../../documents.ts';
import { printSwitches } from '../../output/security.ts';
import { SWITCHES, stateOf } from '../../security.ts';

export default command({
  summary: 'Show how the switches of the filter are set',
  examples: [
    { run: 'netxfw security', note: 'all of them' },
    { run: 'netxfw security --json', note: 'for a program' },
  ],
  async run(context) {
    const sdk = await context.sdk();
    const { config } = await sdk.config.get();
    const switches = SWITCHES.map((spec) => stateOf(spec, config));
    if (context.json) return context.out.json<SecurityDocument>({ switches });
    await printSwitches(context.out, switches);
  },
});
