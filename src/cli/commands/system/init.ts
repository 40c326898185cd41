import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { NetxfwError } from '../../../model/errors.ts';
import { DEFAULT_CONFIG_FILE } from '../../../model/paths.ts';
import { command } from '../../command.ts';
import type { InitDocument } from '../../documents.ts';
import { writeOutput } from '../../files.ts';
import { configTemplate } from '../../template.ts';

export default command({
  summary: 'Write a config.yaml that explains every key',
  description: `Every key is there with its default, so that the file changes nothing until it is edited. A file that
    exists is left alone.`,
  options: {
    force: { short: 'f', help: 'replace a file that exists' },
    print: { help: 'print it instead of writing a file' },
  },
  examples: [
    { run: 'netxfw system init', note: 'at /etc/netxfw/config.yaml' },
    { run: 'netxfw -c ./lan.yaml init', note: 'for a second instance' },
  ],
  async run(context, { force, print }) {
    const file = context.globals.config ?? DEFAULT_CONFIG_FILE;
    const template = await configTemplate();
    if (print) return context.out.write(template);
    if (!force && existsSync(file)) {
      throw new NetxfwError('CONFLICT', `${file} exists already`, { hint: 'Edit it, or add --force to replace it.' });
    }
    await mkdir(dirname(file), { recursive: true, mode: 0o755 }).catch(() => {});
    await writeOutput(file, single(template));
    if (context.json) return context.out.json<InitDocument>({ file });
    await context.out.result(`wrote ${file}`);
    context.out.notice('edit it, check it with `netxfw test`, apply it with `netxfw reload`');
  },
});

async function* single(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
