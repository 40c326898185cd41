import { command } from '../../command.ts';
import { printHelp } from '../../help.ts';

export default command({
  summary: 'Show help for a command',
  args: { command: { help: 'the words of the command', optional: true, many: true } },
  examples: [
    { run: 'netxfw help', note: 'all commands' },
    { run: 'netxfw help rule import', note: 'one of them' },
  ],
  run: (context, words) => printHelp(context.out, words.command),
});
