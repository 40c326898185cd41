import type { TokenInfo } from '../../../model/tokens.ts';
import { command } from '../../command.ts';
import type { TokensDocument } from '../../documents.ts';
import { formatAge } from '../../output/format.ts';
import { type Column, Table } from '../../output/table.ts';

export default command({
  summary: 'Show the tokens, without their secrets',
  examples: [{ run: 'netxfw token list', note: 'who may use the API and the web UI' }],
  async run(context) {
    const sdk = await context.sdk();
    const tokens = await sdk.tokens.list();
    if (context.json) return context.out.json<TokensDocument>({ tokens });
    if (tokens.length > 0) await new Table(context.out, columns(context.now())).print(tokens);
    else context.out.notice('there is no token; make one with `netxfw token create NAME`');
  },
});

function columns(now: number): Column<TokenInfo>[] {
  return [
    { title: 'name', value: ({ name }) => name },
    { title: 'role', value: ({ role }) => role },
    { title: 'age', value: ({ createdAt }) => formatAge(createdAt, now), right: true },
  ];
}
