import { TOKEN_ROLES } from '../../../model/tokens.ts';
import { command } from '../../command.ts';
import type { NewTokenDocument } from '../../documents.ts';

export default command({
  summary: 'Make a token for the API and the web UI',
  description: `The token is printed this once and kept nowhere: only its hash is stored. Whoever has it can log into the web
    UI and use the REST API. A token with the role read may look at everything and change nothing.`,
  args: { name: { help: 'what to call it: 1 to 64 letters, digits, dots, dashes, underscores' } },
  options: { role: { value: 'ROLE', choices: TOKEN_ROLES, help: 'admin (the default) or read' } },
  examples: [
    { run: 'netxfw token create alice', note: 'to log into the web UI' },
    { run: 'netxfw token create grafana --role read', note: 'for a program that only looks' },
  ],
  async run(context, { name, role = 'admin' }) {
    const sdk = await context.sdk();
    const made = await sdk.tokens.create({ name, role });
    if (context.json) return context.out.json<NewTokenDocument>({ token: made });
    await context.out.line(made.token);
    context.out.notice(`this is the ${made.role} token "${made.name}"; it is not shown again`);
  },
});
