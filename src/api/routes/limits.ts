import { z } from 'zod';
import { limitChangeSchema, limitInputSchema, limitRemovalParams, limitSchema } from '../../model/limits.schema.ts';
import type { LimitAPI } from '../../sdk/types.ts';
import type { TypedApp } from '../app.ts';
import { changeOptions } from '../hooks/change-options.ts';

const tags = ['limits'];

export function limitRoutes(app: TypedApp, limits: LimitAPI): void {
  app.get(
    '/limits',
    { schema: { tags, summary: 'List them', response: { 200: z.array(limitSchema).readonly() } } },
    () => limits.list(),
  );

  app.post(
    '/limits',
    {
      schema: {
        tags,
        summary: 'Limit each source of a network, or change its limit',
        body: limitInputSchema,
        response: { 200: limitChangeSchema },
      },
    },
    (request) => limits.add(request.body, changeOptions(request)),
  );

  app.delete(
    '/limits',
    {
      schema: { tags, summary: 'Remove one', querystring: limitRemovalParams, response: { 200: z.strictObject({}) } },
    },
    async (request) => {
      await limits.remove(request.query.prefix, changeOptions(request));
      return {};
    },
  );
}
