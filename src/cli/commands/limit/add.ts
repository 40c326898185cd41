import { NetxfwError } from '../../../model/errors.ts';
import { CHANGE_OPTIONS, change } from '../../change.ts';
import { command } from '../../command.ts';
import type { LimitDocument } from '../../documents.ts';
import { checkPrefix, wholeNumber } from '../../input.ts';
import { formatCount } from '../../output/format.ts';

export default command({
  summary: 'Limit how fast each source of a network may send',
  description: `Every source address in the network has a budget of its own; packets over it are dropped. The longest
    network that holds a source decides; 0.0.0.0/0 and ::/0 hold everybody. Adding it again changes the figures.`,
  args: {
    network: { help: 'address or network' },
    figures: {
      help: 'packets a second and, after it, packets at once, instead of the options',
      optional: true,
      many: true,
    },
  },
  options: {
    rate: { value: 'PACKETS', help: 'packets a second' },
    burst: { value: 'PACKETS', help: 'packets that may come at once (default: twice the rate)' },
    ...CHANGE_OPTIONS,
  },
  examples: [
    { run: 'netxfw limit add 0.0.0.0/0 --rate 1000 --burst 2000', note: 'every IPv4 source' },
    { run: 'netxfw limit add 192.0.2.0/24 50 100', note: 'a network that sends too much' },
  ],
  async run(context, { network, figures, rate, burst, ...input }) {
    const [first = rate, second = burst, third] = figures;
    if (third !== undefined) throw new NetxfwError('USAGE', `"${third}" is one argument too many`);
    const perSecond = wholeNumber('--rate', first, 1);
    const atOnce = wholeNumber('--burst', second, 1);
    if (perSecond === undefined) throw new NetxfwError('USAGE', 'the rate is missing', { hint: 'Add --rate PACKETS.' });
    const wanted = {
      prefix: checkPrefix(network),
      rate: perSecond,
      ...(atOnce === undefined ? {} : { burst: atOnce }),
    };
    const added = await change(context, input, (sdk, options) => sdk.limits.add(wanted, options));
    if (context.json) return context.out.json<LimitDocument>(added);
    const { limit } = added;
    const figuresText = `${formatCount(limit.rate)} packets a second, ${formatCount(limit.burst)} at once`;
    const done = { added: 'limited', replaced: 'limit changed:', unchanged: 'limited already:' }[added.change];
    await context.out.result(`${done} ${limit.prefix} to ${figuresText}`);
  },
});
