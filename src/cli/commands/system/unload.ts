import { command } from '../../command.ts';
import type { UnloadDocument } from '../../documents.ts';

export default command({
  summary: 'Detach the filter and remove its maps',
  description: `A daemon that runs is stopped first; all packets pass afterwards. The rules stay on disk and are in force again after the next load. Works
    also when the configuration, the rules or the maps are broken.`,
  examples: [{ run: 'netxfw system unload', note: 'take the firewall out of the way' }],
  async run(context) {
    const host = await context.environment.host();
    const onNotice = (notice: string) => context.out.notice(notice);
    const { detached } = await host.unload({ ...context.configOption(), onNotice });
    if (context.json) return context.out.json<UnloadDocument>({ detached });
    for (const name of detached) await context.out.result(`detached from ${name}`);
    if (detached.length === 0) await context.out.result('nothing was attached');
  },
});
