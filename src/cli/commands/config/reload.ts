import { CHANGE_OPTIONS, change } from '../../change.ts';
import { command } from '../../command.ts';
import { printReload } from '../../output/reload.ts';

export default command({
  summary: 'Put config.yaml in force without a gap',
  description: `Reads the file again, checks it and applies what has changed; a mistake in it changes nothing.
    Connections, blocks and counters live on. Most changes are incremental; a table that gets another size is copied
    to a new one, and the answer says so. Changes of listeners and paths need a new start of the daemon.

    \`netxfw reload xdp\` is the same: programs and tables always follow the file together.`,
  args: { what: { help: 'the same with and without it', optional: true, choices: ['xdp'] } },
  options: CHANGE_OPTIONS,
  examples: [
    { run: 'netxfw reload', note: 'after config.yaml was edited' },
    { run: 'netxfw reload --confirm 60s', note: 'undone after a minute unless netxfw confirm follows' },
  ],
  async run(context, { what: _, ...input }) {
    await printReload(context, await change(context, input, (sdk, options) => sdk.config.reload(options)));
  },
});
