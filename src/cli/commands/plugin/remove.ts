import { change, RISK_OPTION } from '../../change.ts';
import { command } from '../../command.ts';
import type { ClearedDocument } from '../../documents.ts';
import { SLOT_ARGUMENT, slotNumber } from '../../slots.ts';

export default command({
  summary: 'Take a packet plugin out of its slot',
  args: { slot: SLOT_ARGUMENT },
  options: RISK_OPTION,
  examples: [{ run: 'netxfw plugin remove 2', note: 'the filter goes on without it' }],
  async run(context, { slot, ...input }) {
    const number = slotNumber(slot);
    await change(context, input, (sdk, options) => sdk.plugins.remove(number, options));
    if (context.json) return context.out.json<ClearedDocument>({ removed: 1 });
    await context.out.result(`slot ${number} is empty`);
  },
});
