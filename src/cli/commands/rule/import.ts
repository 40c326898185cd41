import { LISTS } from '../../../model/entries.ts';
import { NetxfwError } from '../../../model/errors.ts';
import type { ImportResult } from '../../../model/rules.ts';
import { command } from '../../command.ts';
import type { ImportDocument } from '../../documents.ts';
import { openInput } from '../../files.ts';
import { ENTRY_OPTIONS, entryFields } from '../../input.ts';
import { printInvalidLines } from '../../output/failure.ts';
import { startProgress } from '../../output/progress.ts';

export default command({
  summary: 'Add all addresses of a file to a list',
  description: `One address or network a line, IPv4 and IPv6 mixed; what follows # or ; is a comment. A JSON file
    that \`netxfw rule export\` wrote is recognised as such. The import is one change: all lines, or none when a line
    is invalid, unless --skip-invalid.`,
  args: {
    list: { help: 'the list', choices: LISTS },
    file: { help: 'the file; - reads standard input', complete: 'file' },
  },
  options: { ...ENTRY_OPTIONS, 'skip-invalid': { help: 'report invalid lines and import the others' } },
  examples: [
    { run: 'netxfw rule import deny blocklist.txt --reason feed', note: 'a list of bad addresses' },
    { run: 'netxfw rule import deny - --ttl 1d < today.txt', note: 'for a day, from standard input' },
  ],
  async run(context, { list, file, ttl, reason, 'skip-invalid': skipInvalid }) {
    const { out } = context;
    const fields = entryFields({ ttl, reason });
    const data = file === '-' ? context.environment.stdin : await openInput(file);
    const name = file === '-' ? 'stdin' : file;
    const sdk = await context.sdk();
    const progress = await startProgress(out);
    const onProgress = progress.show;
    const result = await sdk.rules
      .import({ list, data, name, skipInvalid, onProgress, ...fields })
      .finally(progress.stop)
      .catch((error) => {
        const several = error instanceof NetxfwError && (error.details as Partial<ImportResult>)?.invalidLines;
        if (several && !context.json) printInvalidLines(out, name, error.details as ImportResult);
        throw error;
      });
    if (context.json) {
      return out.json<ImportDocument>({ import: result });
    }
    for (const notice of result.notices) out.notice(notice);
    printInvalidLines(out, name, result);
    await out.result(summary(result));
  },
});

function summary({ read, added, unchanged, replaced, duplicates, invalid }: ImportResult): string {
  const known = `${read} read, ${added} new, ${unchanged} known`;
  return `${known}, ${replaced} changed, ${duplicates} duplicate, ${invalid} invalid`;
}
