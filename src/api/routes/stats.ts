import { z } from 'zod';
import { historyQueryParams, statsSchema, trafficHistorySchema } from '../../model/status.schema.ts';
import type { StatsAPI } from '../../sdk/types.ts';
import type { TypedApp } from '../app.ts';

const tags = ['stats'];

export function statsRoutes(app: TypedApp, stats: StatsAPI): void {
  app.get('/stats', { schema: { tags, summary: 'Packets and bytes by reason', response: { 200: statsSchema } } }, () =>
    stats.get(),
  );

  app.get(
    '/stats/history',
    {
      schema: {
        tags,
        summary: 'Packets and bytes by reason, in steps of a second, of the last 15 minutes',
        description:
          'The oldest first; every array has one value for each step. `next` of an answer, as `after` of the next request, ' +
          'gives only the steps that came since; one that is not known gives all.',
        querystring: historyQueryParams,
        response: { 200: trafficHistorySchema },
      },
    },
    (request) => stats.history(request.query.after),
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
