import { command } from '../../command.ts';
import type { ClearedDocument } from '../../documents.ts';

export default command({
  summary: 'Remove a token',
  description: 'Whoever uses it is out at once, sessions of the web UI included.',
  args: { name: { help: 'its name, as the list shows it' } },
  examples: [{ run: 'netxfw token remove alice', note: 'when it may have leaked' }],
  async run(context, { name }) {
    const sdk = await context.sdk();
    await sdk.tokens.remove(name);
    if (context.json) return context.out.json<ClearedDocument>({ removed: 1 });
    await context.out.result(`removed the token ${name}`);
  },
});
