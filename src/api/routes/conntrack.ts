import { z } from 'zod';
import { flowCountsSchema, flowFilterSchema, flowPageSchema, flowQueryParams } from '../../model/conns.schema.ts';
import type { ConnAPI } from '../../sdk/types.ts';
import type { TypedApp } from '../app.ts';

const tags = ['conntrack'];
const flushedSchema = z.strictObject({ removed: z.int().min(0) });

export function conntrackRoutes(app: TypedApp, conns: ConnAPI): void {
  app.get(
    '/conntrack',
    {
      schema: {
        tags,
        summary: 'Tracked outgoing connections, the newest first, by page',
        querystring: flowQueryParams,
        response: { 200: flowPageSchema },
      },
    },
    (request) => conns.list(request.query),
  );

  app.get(
    '/conntrack/counts',
    { schema: { tags, summary: 'How many there are, by state', response: { 200: flowCountsSchema } } },
    () => conns.counts(),
  );

  app.post(
    '/conntrack/flush',
    {
      schema: {
        tags,
        summary: 'Forget those that match; {} forgets all',
        body: flowFilterSchema,
        response: { 200: flushedSchema },
      },
    },
    async (request) => ({ removed: await conns.flush(request.body) }),
  );
}
