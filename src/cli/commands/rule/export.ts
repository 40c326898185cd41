import { LISTS } from '../../../model/entries.ts';
import { RULE_FORMATS, type RuleFormat } from '../../../sdk/types.ts';
import { command } from '../../command.ts';
import { writeOutput } from '../../files.ts';

export default command({
  summary: 'Write the lists out',
  description: `Text is one address or network a line, of one list, and can be read by other programs; JSON keeps
    reasons, times and both lists. Without --format a file name that ends in .json or .txt decides, else text for one
    list and JSON for both. A file is replaced only when the export is complete.`,
  options: {
    list: { value: 'LIST', choices: LISTS, help: 'only this list' },
    format: { value: 'FORMAT', choices: RULE_FORMATS, help: 'how to write it' },
    output: { short: 'o', value: 'FILE', help: 'write to this file instead of standard output', complete: 'file' },
  },
  examples: [
    { run: 'netxfw rule export -o rules.json', note: 'a backup of both lists' },
    { run: 'netxfw rule export --list deny', note: 'the denied addresses, one a line' },
  ],
  async run(context, { list, format, output }) {
    const { out } = context;
    const wanted = format ?? formatOf(output) ?? (context.json ? 'json' : undefined);
    const sdk = await context.sdk();
    const chunks = sdk.rules.export({ ...(list ? { list } : {}), ...(wanted ? { format: wanted } : {}) });
    if (output !== undefined && output !== '-') return writeOutput(output, chunks);
    for await (const chunk of chunks) {
      await out.write(chunk);
      if (out.closed) return;
    }
    // The document ends without a line break; a terminal wants one.
    if (out.interactive && wanted !== 'text') await out.line();
  },
});

function formatOf(file = ''): RuleFormat | undefined {
  return file.endsWith('.json') ? 'json' : file.endsWith('.txt') ? 'text' : undefined;
}
