import { NetxfwError } from '../../../model/errors.ts';
import { CHANGE_OPTIONS, change } from '../../change.ts';
import { command } from '../../command.ts';
import { parseEndpoint } from '../../endpoint.ts';
import { NOTHING, removePortRule } from '../../entries.ts';
import { printRemoval } from '../../output/rules.ts';

/** The answer, or the error when there is no such entry; the dynamic list cannot even hold most networks. */
async function unlessMissing<T>(answer: Promise<T>): Promise<T | NetxfwError> {
  return answer.catch((error) => {
    if (error instanceof NetxfwError && ['RULE_NOT_FOUND', 'INVALID_ADDRESS'].includes(error.code)) return error;
    throw error;
  });
}

export default command({
  summary: 'Stop denying an address or network',
  description: `Removes it from the deny list and from the dynamic list, whichever has it. The allow list is left
    alone. With a port it removes the rule that denies that source and port.`,
  args: { address: { help: 'address or network, as it was denied' } },
  options: CHANGE_OPTIONS,
  examples: [{ run: 'netxfw unblock 192.0.2.1', note: 'a customer was locked out by mistake' }],
  async run(context, { address, ...input }) {
    const { prefix, target } = parseEndpoint(address);
    const lifted = await change(context, input, async (sdk, options) => {
      if (target !== null) return { ...NOTHING, ports: [await removePortRule(sdk, 'deny', prefix, target, options)] };
      const fixed = await unlessMissing(sdk.rules.remove(prefix, 'deny', options));
      const dynamic = await unlessMissing(sdk.dynamic.remove(prefix));
      if (fixed instanceof NetxfwError && dynamic instanceof NetxfwError) throw fixed;
      const removal = fixed instanceof NetxfwError ? NOTHING : fixed;
      return { ...removal, dynamic: dynamic instanceof NetxfwError ? [] : [prefix] };
    });
    await printRemoval(context, lifted, lifted);
  },
});
