import { resolve } from 'node:path';
import { change, RISK_OPTION } from '../../change.ts';
import { command } from '../../command.ts';
import type { PluginsDocument } from '../../documents-observe.ts';
import { SLOT_ARGUMENT, slotNumber } from '../../slots.ts';

export default command({
  summary: 'Load a compiled packet plugin into a slot',
  description: `The plugins judge each packet before the filter does, in the order of their slots. A plugin that the
    kernel refuses changes nothing; one that holds the slot already is replaced.`,
  args: { file: { help: 'BPF object file', complete: 'file' }, slot: SLOT_ARGUMENT },
  options: RISK_OPTION,
  examples: [{ run: 'netxfw plugin load /etc/netxfw/plugins/quota.bpf.o 2', note: 'the first to be asked' }],
  async run(context, { file, slot, ...input }) {
    const number = slotNumber(slot);
    // The daemon has another working directory.
    const path = resolve(file);
    const plugin = await change(context, input, (sdk, options) => sdk.plugins.load(path, number, options));
    if (context.json) return context.out.json<PluginsDocument>({ plugins: [plugin] });
    await context.out.result(`loaded ${plugin.name} into slot ${plugin.slot}`);
  },
});
