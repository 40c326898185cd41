import { readFile } from 'node:fs/promises';
import { NetxfwError } from '../../../model/errors.ts';
import { command } from '../../command.ts';
import type { Context } from '../../context.ts';
import type { TestDocument } from '../../documents.ts';
import { oneLine } from '../../output/text.ts';

export default command({
  summary: 'Check config.yaml without applying it',
  description: `Every mistake is named with its line, the key and what is allowed. Plugins named in it look at their own
    sections; none is started. When a daemon runs, it also says what a reload would do.`,
  args: { file: { help: 'instead of the config file', optional: true, complete: 'file' } },
  examples: [
    { run: 'netxfw system test', note: 'before netxfw reload' },
    { run: 'netxfw test ./new.yaml', note: 'a file that is not in use' },
  ],
  async run(context, { file: other }) {
    const { out } = context;
    const host = await context.environment.host();
    const config = other ?? context.globals.config;
    const { file, notes } = await host.check(config === undefined ? {} : { config }).catch((error) => {
      if (!context.json) printProblems(context, error);
      throw error;
    });
    const reload = other === undefined ? await plannedReload(context, file) : null;
    if (context.json) return out.json<TestDocument>({ file, valid: true, notes, reload });
    for (const note of notes) out.notice(note);
    await out.result(`${file} is valid`);
    if (reload?.kind === 'none') await out.result('a reload would change nothing');
    else if (reload !== null) await out.result(`a reload would be ${reload.kind}: ${reload.changes.join(', ')}`);
  },
});

interface Problem {
  readonly line: number;
  readonly key: string;
  readonly message: string;
}

/** All of them, the way compilers say it; the error itself names only the first. */
function printProblems({ out }: Context, error: unknown): void {
  const { file, problems } = (error instanceof NetxfwError ? error.details : undefined) as {
    file?: string;
    problems?: readonly Problem[];
  };
  if (file === undefined || problems === undefined || problems.length < 2) return;
  for (const { line, key, message } of problems) {
    out.complain(oneLine(`${file}:${line}: ${key === '' ? message : `${key}: ${message}`}`));
  }
}

async function plannedReload(context: Context, file: string): Promise<TestDocument['reload']> {
  if ((await context.daemonVersion()) === null) return null;
  const sdk = await context.sdk();
  // Without a file the defaults hold, as an empty one says them.
  return sdk.config.validate(await readFile(file, 'utf8').catch(() => ''));
}
