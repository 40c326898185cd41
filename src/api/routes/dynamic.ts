import { z } from 'zod';
import { prefixTextSchema } from '../../model/schema-parts.ts';
import { dynamicInputSchema, dynamicRuleSchema } from '../../model/status.schema.ts';
import type { DynamicAPI } from '../../sdk/types.ts';
import type { TypedApp } from '../app.ts';
import { changeOptions } from '../hooks/change-options.ts';

const removalParams = z.strictObject({ prefix: prefixTextSchema });
const emptySchema = z.strictObject({});
const clearedSchema = z.strictObject({ removed: z.int().min(0) });

const tags = ['dynamic'];

export function dynamicRoutes(app: TypedApp, dynamic: DynamicAPI): void {
  app.get(
    '/dynamic',
    { schema: { tags, summary: 'List them', response: { 200: z.array(dynamicRuleSchema).readonly() } } },
    () => dynamic.list(),
  );

  app.post(
    '/dynamic',
    {
      schema: {
        tags,
        summary: 'Block a host, or an IPv6 /64',
        body: dynamicInputSchema,
        response: { 200: dynamicRuleSchema },
      },
    },
    (request) => dynamic.add(request.body, changeOptions(request)),
  );

  app.delete(
    '/dynamic',
    { schema: { tags, summary: 'Remove one', querystring: removalParams, response: { 200: emptySchema } } },
    async (request) => {
      await dynamic.remove(request.query.prefix);
      return {};
    },
  );

  app.post(
    '/dynamic/clear',
    { schema: { tags, summary: 'Remove all', response: { 200: clearedSchema } } },
    async () => ({
      removed: await dynamic.clear(),
    }),
  );
}
