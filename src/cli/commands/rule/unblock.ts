import { NetxfwError } from '../../../model/errors.ts';
import type { RuleRemoval } from '../../../model/rules.ts';
import { command } from '../../command.ts';
import { checkPrefix } from '../../input.ts';
import { printRemoval } from '../../output/rules.ts';

const NOTHING: RuleRemoval = { removed: [], notices: [] };

/** The answer, or the error when there is no such entry; the dynamic list cannot even hold most networks. */
async function unlessMissing<T>(answer: Promise<T>): Promise<T | NetxfwError> {
  return answer.catch((error) => {
    if (error instanceof NetxfwError && ['RULE_NOT_FOUND', 'INVALID_ADDRESS'].includes(error.code)) return error;
    throw error;
  });
}

export default command({
  summary: 'Stop denying an address or network',
  description:
    'Removes it from the deny list and from the dynamic list, whichever has it. The allow list is left alone.',
  args: { address: { help: 'address or network, as it was denied' } },
  examples: [{ run: 'netxfw unblock 192.0.2.1', note: 'a customer was locked out by mistake' }],
  async run(context, { address }) {
    const prefix = checkPrefix(address);
    const sdk = await context.sdk();
    const fixed = await unlessMissing(sdk.rules.remove(prefix, 'deny'));
    const dynamic = await unlessMissing(sdk.dynamic.remove(prefix));
    if (fixed instanceof NetxfwError && dynamic instanceof NetxfwError) throw fixed;
    const lifted = dynamic instanceof NetxfwError ? [] : [prefix];
    await printRemoval(context, fixed instanceof NetxfwError ? NOTHING : fixed, lifted);
  },
});
