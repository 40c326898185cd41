import { LISTS } from '../../../model/entries.ts';
import { NetxfwError } from '../../../model/errors.ts';
import type { ChangeOptions } from '../../../model/operations.ts';
import type { ImportResult } from '../../../model/rules.ts';
import type { ImportRequest, Netxfw } from '../../../sdk/types.ts';
import { change } from '../../change.ts';
import { command } from '../../command.ts';
import type { ImportDocument } from '../../documents.ts';
import { ADD_OPTIONS } from '../../entries.ts';
import { openInput } from '../../files.ts';
import { entryFields } from '../../input.ts';
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
  options: { ...ADD_OPTIONS, 'skip-invalid': { help: 'report invalid lines and import the others' } },
  examples: [
    { run: 'netxfw rule import deny blocklist.txt --reason feed', note: 'a list of bad addresses' },
    { run: 'netxfw rule import deny - --ttl 1d < today.txt', note: 'for a day, from standard input' },
  ],
  async run(context, { list, file, ttl, reason, 'skip-invalid': skipInvalid, ...input }) {
    const { out } = context;
    const fields = entryFields({ ttl, reason });
    const once = file === '-';
    const open = async () => (once ? context.environment.stdin : await openInput(file));
    let data: ImportRequest['data'] | undefined = await open();
    const name = once ? 'stdin' : file;
    const importing = async (sdk: Netxfw, options: ChangeOptions) => {
      const progress = await startProgress(out);
      const request = { list, name, skipInvalid, options, onProgress: progress.show, ...fields };
      const whole = data ?? (await open());
      data = undefined;
      return sdk.rules.import({ ...request, data: whole }).finally(progress.stop);
    };
    const result = await change(context, input, importing, { once }).catch((error) => {
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
