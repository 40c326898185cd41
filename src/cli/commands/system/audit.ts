import { MAX_AUDIT_PAGE } from '../../../model/audit.ts';
import { command } from '../../command.ts';
import type { AuditDocument } from '../../documents.ts';
import { wholeNumber } from '../../input.ts';
import { printAudit } from '../../output/audit.ts';

export default command({
  summary: 'Show who changed what, and who was refused',
  description: `The newest first: changes by tokens, sessions of the web UI, local users and commands without a daemon,
    whether they were done or refused. Secrets do not stand there. What feeds and plugins do by themselves is not in it.
    The oldest records make room for new ones.`,
  options: {
    search: { short: 's', value: 'TEXT', help: 'only where this occurs: a name, an address, a route, an error' },
    limit: { short: 'n', value: 'COUNT', help: `how many, up to ${MAX_AUDIT_PAGE} (default 100)` },
    before: { value: 'ID', help: 'only those before the record with this id, as the last line says' },
  },
  examples: [
    { run: 'netxfw system audit', note: 'who was it?' },
    { run: 'netxfw system audit --search 192.0.2.7', note: 'who blocked this address, and when?' },
    { run: 'netxfw system audit --search UNAUTHORIZED', note: 'who knocks without a token?' },
  ],
  async run(context, { search, limit, before }) {
    const most = wholeNumber('--limit', limit, 1);
    const from = wholeNumber('--before', before, 1);
    const sdk = await context.sdk();
    const page = await sdk.system.audit({
      ...(search === undefined ? {} : { search }),
      ...(most === undefined ? {} : { limit: most }),
      ...(from === undefined ? {} : { before: from }),
    });
    if (context.json) return context.out.json<AuditDocument>({ ...page });
    await printAudit(context.out, page);
  },
});
