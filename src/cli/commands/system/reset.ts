import { confirmed, YES_OPTION } from '../../ask.ts';
import { CHANGE_OPTIONS, change } from '../../change.ts';
import { command } from '../../command.ts';
import type { ResetDocument } from '../../documents.ts';
import { plural } from '../../output/format.ts';

export default command({
  summary: 'Remove everything that commands have added',
  description: `Rules, limits, open ports and dynamic blocks go; what config.yaml says stays, and so do the failsafe
    ports, so that ssh goes on. A question is asked on a terminal; elsewhere, and with --yes, there is none.`,
  options: { ...YES_OPTION, ...CHANGE_OPTIONS },
  examples: [{ run: 'netxfw reset', note: 'begin anew' }],
  async run(context, { yes, ...input }) {
    const { out } = context;
    if (!(await confirmed(context, yes, 'All rules, limits, open ports and blocks made by commands go.'))) {
      return out.notice('nothing was changed');
    }
    const removed = await change(context, input, (sdk, options) => sdk.system.reset(options));
    if (context.json) return out.json<ResetDocument>({ removed });
    const { rules, dynamic, limits, ports, ipPortRules } = removed;
    const parts = [plural(rules, 'rule'), plural(dynamic, 'dynamic block'), plural(limits, 'limit')];
    parts.push(plural(ports, 'open port'), plural(ipPortRules, 'rule for ports', 'rules for ports'));
    await out.result(`removed ${parts.join(', ')}`);
  },
});
