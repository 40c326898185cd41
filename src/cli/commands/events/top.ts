import { command } from '../../command.ts';
import type { TopDocument } from '../../documents-observe.ts';
import { printTop } from '../../output/top.ts';
import { WATCH_OPTIONS, watch } from '../../watch.ts';

export default command({
  summary: 'Show who and what is dropped most',
  description: 'Counted over the reported drops of the last minute; a flood is reported in samples.',
  options: WATCH_OPTIONS,
  examples: [
    { run: 'netxfw events top', note: 'who is knocking, and where?' },
    { run: 'netxfw events top --watch', note: 'live, until Ctrl-C' },
  ],
  async run(context, input) {
    const sdk = await context.sdk();
    const many = input.watch || input.count !== undefined;
    await watch(context, input, async () => {
      const top = await sdk.events.top();
      if (!context.json) return printTop(context.out, top);
      await (many ? context.out.jsonLine<TopDocument>({ top }) : context.out.json<TopDocument>({ top }));
    });
  },
});
