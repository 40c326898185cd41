import { command } from '../../command.ts';
import type { ConfirmDocument } from '../../documents.ts';
import { printReload } from '../../output/reload.ts';

export default command({
  summary: 'Keep a change that was made with --confirm',
  options: { undo: { help: 'undo it now instead of waiting for its end' } },
  examples: [
    { run: 'netxfw confirm', note: 'you can still reach the host: keep it' },
    { run: 'netxfw confirm --undo', note: 'it was not what you wanted' },
  ],
  async run(context, { undo }) {
    const sdk = await context.sdk();
    if (undo) {
      const result = await sdk.config.rollback();
      // It may have been no change of the configuration.
      if (result.kind === 'none' && !context.json) return context.out.result(result.because);
      return printReload(context, result);
    }
    const pending = await sdk.config.pending();
    await sdk.config.confirm();
    if (context.json) return context.out.json<ConfirmDocument>({ confirmed: pending });
    await context.out.result(`kept: ${pending?.what ?? 'the change'}`);
  },
});
