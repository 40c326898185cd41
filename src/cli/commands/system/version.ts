import { packageVersion } from '../../../sdk/version.ts';
import { command } from '../../command.ts';
import type { VersionDocument } from '../../documents.ts';

export default command({
  summary: 'Show the version of this program and of the daemon',
  options: { short: { help: 'only the number of this program' } },
  examples: [{ run: 'netxfw version --short', note: 'for scripts' }],
  async run(context, { short }) {
    const cli = packageVersion();
    if (short) return context.out.line(cli);
    const daemon = await context.daemonVersion();
    if (context.json) {
      return context.out.json<VersionDocument>({ cli, daemon });
    }
    await context.out.line(`netxfw ${cli}`);
    await context.out.line(daemon === null ? 'no daemon' : `daemon ${daemon}`);
  },
});
