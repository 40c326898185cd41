import { z } from 'zod';
import { statsSchema } from '../../model/status.schema.ts';
import type { StatsAPI } from '../../sdk/types.ts';
import type { TypedApp } from '../app.ts';

const tags = ['stats'];

export function statsRoutes(app: TypedApp, stats: StatsAPI): void {
  app.get('/stats', { schema: { tags, summary: 'Packets and bytes by reason', response: { 200: statsSchema } } }, () =>
    stats.get(),
  );

  app.post(
    '/stats/reset',
    { schema: { tags, summary: 'Begin to count anew', response: { 200: z.strictObject({}) } } },
    async () => {
      await stats.reset();
      return {};
    },
  );
}
