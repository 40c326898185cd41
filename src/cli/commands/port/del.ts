import { parsePorts } from '../../../model/ports.ts';
import { CHANGE_OPTIONS, change } from '../../change.ts';
import { command } from '../../command.ts';
import type { ClearedDocument } from '../../documents.ts';

export default command({
  summary: 'Close ports again',
  args: { ports: { help: 'a port or range, as the list shows it', many: true } },
  options: CHANGE_OPTIONS,
  examples: [{ run: 'netxfw port del 8080-8090/tcp', note: 'as it was opened' }],
  async run(context, { ports, ...input }) {
    for (const spec of ports) parsePorts(spec);
    const edit = { open: [], close: ports };
    await change(context, input, (sdk, options) => sdk.ports.edit(edit, options));
    if (context.json) return context.out.json<ClearedDocument>({ removed: ports.length });
    for (const spec of ports) await context.out.result(`closed ${spec}`);
  },
});
