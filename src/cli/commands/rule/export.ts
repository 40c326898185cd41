import { LISTS } from '../../../model/entries.ts';
import { NetxfwError } from '../../../model/errors.ts';
import { RULE_FORMATS } from '../../../sdk/types.ts';
import { command } from '../../command.ts';
import { writeOutput } from '../../files.ts';
import { fileKind } from '../../rule-files.ts';
import { pack } from '../../zstd.ts';

export default command({
  summary: 'Write the rules out',
  description: `Text is one address or network a line, of one list, and can be read by other programs. JSON, YAML, CSV and
    binary keep reasons, times and sources and, unless --list names one list, everything that commands have made: both
    lists, open ports, rate limits and rules for ports. \`netxfw rule import all FILE\` brings it back.

    Without --format the name of the file decides: .txt, .json, .yaml, .csv or .bin, each also with .zst behind it, which
    packs it; else it is text for one list and JSON for everything. A file is replaced only when the export is complete.`,
  options: {
    list: { value: 'LIST', choices: LISTS, help: 'only this list' },
    format: { value: 'FORMAT', choices: RULE_FORMATS, help: 'how to write it' },
    zstd: { help: 'pack it, whatever the file is called' },
    output: { short: 'o', value: 'FILE', help: 'write to this file instead of standard output', complete: 'file' },
  },
  examples: [
    { run: 'netxfw rule export -o backup.bin.zst', note: 'a backup of everything' },
    { run: 'netxfw rule export --list deny', note: 'the denied addresses, one a line' },
    { run: 'netxfw rule export --format csv > rules.csv', note: 'for a spreadsheet' },
  ],
  async run(context, { list, format, zstd, output }) {
    const { out } = context;
    const kind = fileKind(output ?? '');
    const wanted = format ?? kind.format ?? (context.json ? 'json' : undefined);
    const packed = zstd || kind.packed;
    if (out.interactive && output === undefined && (packed || wanted === 'binary')) {
      throw new NetxfwError('USAGE', 'this is nothing for a terminal', { hint: 'Name a file with -o FILE.' });
    }
    const sdk = await context.sdk();
    const plain = sdk.rules.export({ ...(list ? { list } : {}), ...(wanted ? { format: wanted } : {}) });
    const chunks = packed ? pack(plain) : plain;
    if (output !== undefined && output !== '-') return writeOutput(output, chunks);
    for await (const chunk of chunks) {
      await out.write(chunk);
      if (out.closed) return;
    }
    // A JSON document ends without a line break; a terminal wants one.
    if (out.interactive && (wanted ?? 'json') === 'json') await out.line();
  },
});
