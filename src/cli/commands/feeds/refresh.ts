import { NetxfwError } from '../../../model/errors.ts';
import { command } from '../../command.ts';
import type { FeedRefresh, RefreshDocument } from '../../documents-observe.ts';
import { formatCount } from '../../output/format.ts';

export default command({
  summary: 'Ask for the lists of others now',
  description: `A list that did not change costs one question. One that fails keeps its last good copy, and the exit code
    says so.`,
  args: { name: { help: 'only this one', optional: true } },
  options: { force: { help: 'fetch it anew, and take it although it has shrunk a lot' } },
  examples: [
    { run: 'netxfw feeds refresh', note: 'all of them' },
    { run: 'netxfw feeds refresh spamhaus-drop --force', note: 'it is right that it is half as long' },
  ],
  async run(context, { name = null, force }) {
    const sdk = await context.sdk();
    const refreshed = (await sdk.extensions.call('feeds', 'refresh', { name, force })) as readonly FeedRefresh[];
    if (context.json) await context.out.json<RefreshDocument>({ refreshed });
    else for (const one of refreshed) await context.out.result(`${one.name}: ${textOf(one)}`);
    const failed = refreshed.filter(({ error }) => error !== undefined);
    if (failed.length === 0) return;
    const names = failed.map((one) => one.name).join(', ');
    throw new NetxfwError('FILE_UNREADABLE', `not refreshed: ${names}`, {
      hint: 'The last good copies stay in force.',
    });
  },
});

function textOf({ error, changed, entries = 0, added = 0, removed = 0, message }: FeedRefresh): string {
  if (error !== undefined) return error;
  const counts = changed
    ? `${formatCount(entries)} entries, ${formatCount(added)} added, ${formatCount(removed)} removed`
    : '';
  return [counts || `${formatCount(entries)} entries`, message].filter((part) => part).join('; ');
}
