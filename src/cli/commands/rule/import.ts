import { LISTS } from '../../../model/entries.ts';
import { NetxfwError } from '../../../model/errors.ts';
import type { ChangeOptions } from '../../../model/operations.ts';
import type { ImportResult } from '../../../model/rules.ts';
import { type ImportRequest, type Netxfw, RULE_FORMATS } from '../../../sdk/types.ts';
import { change } from '../../change.ts';
import { command } from '../../command.ts';
import type { ImportDocument } from '../../documents.ts';
import { ADD_OPTIONS } from '../../entries.ts';
import { openInput } from '../../files.ts';
import { entryFields } from '../../input.ts';
import { printInvalidLines } from '../../output/failure.ts';
import { plural } from '../../output/format.ts';
import { startProgress } from '../../output/progress.ts';
import { fileKind } from '../../rule-files.ts';
import { unpacked } from '../../zstd.ts';

export default command({
  summary: 'Add all addresses of a file to a list',
  description: `Text has one address or network a line, IPv4 and IPv6 mixed; what follows # or ; is a comment. What
    \`netxfw rule export\` wrote is recognised, in every format, also when zstd has packed it. A CSV table needs a
    heading that names a column prefix; reason, expires, type and others may be there. The import is one change: all of
    it, or nothing when a line is invalid, unless --skip-invalid.

    For a list, only its own entries of the file are taken. With all, everything in the file is: both lists, open
    ports, rate limits and rules for ports.`,
  args: {
    list: { help: 'the list, or all for everything in an export', choices: [...LISTS, 'all'] },
    file: { help: 'the file; - reads standard input', complete: 'file' },
  },
  options: {
    ...ADD_OPTIONS,
    format: { value: 'FORMAT', choices: RULE_FORMATS, help: 'what the file is, where its name does not say' },
    'skip-invalid': { help: 'report invalid lines and import the others' },
  },
  examples: [
    { run: 'netxfw rule import deny blocklist.txt --reason feed', note: 'a list of bad addresses' },
    { run: 'netxfw rule import deny - --ttl 1d < today.txt', note: 'for a day, from standard input' },
    { run: 'netxfw rule import all backup.bin.zst', note: 'everything that an export has saved' },
  ],
  async run(context, { list, file, ttl, reason, 'skip-invalid': skipInvalid, format, ...input }) {
    const { out } = context;
    const fields = entryFields({ ttl, reason });
    const once = file === '-';
    const name = once ? 'stdin' : file;
    const open = async () => unpacked(once ? context.environment.stdin : await openInput(file), name);
    let data: ImportRequest['data'] | undefined = await open();
    const importing = async (sdk: Netxfw, options: ChangeOptions) => {
      const progress = await startProgress(out);
      const kind = format ?? (once ? undefined : fileKind(file).format);
      const what = { ...(list === 'all' ? {} : { list }), ...(kind === undefined ? {} : { format: kind }) };
      const request = { ...what, name, skipInvalid, options, onProgress: progress.show, ...fields };
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

function summary({ read, added, unchanged, replaced, duplicates, invalid, policy }: ImportResult): string {
  const known = `${read} read, ${added} new, ${unchanged} known`;
  const entries = `${known}, ${replaced} changed, ${duplicates} duplicate, ${invalid} invalid`;
  if (policy === undefined) return entries;
  const { limits, ports, ipPortRules } = policy;
  return `${entries}; new: ${plural(limits, 'limit')}, ${plural(ports, 'open port')}, ${plural(ipPortRules, 'rule for ports', 'rules for ports')}`;
}
