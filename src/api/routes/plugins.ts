import { z } from 'zod';
import { pluginInputSchema, pluginSlotSchema } from '../../model/operations.schema.ts';
import { queryInteger } from '../../model/schema-parts.ts';
import type { PluginAPI } from '../../sdk/types.ts';
import type { TypedApp } from '../app.ts';
import { changeOptions } from '../hooks/change-options.ts';

const tags = ['plugins'];
const removalParams = z.strictObject({ slot: queryInteger(0, 255) });

export function pluginRoutes(app: TypedApp, plugins: PluginAPI): void {
  app.get(
    '/plugins',
    {
      schema: { tags, summary: 'BPF plugins in their order', response: { 200: z.array(pluginSlotSchema).readonly() } },
    },
    () => plugins.list(),
  );

  app.post(
    '/plugins',
    {
      schema: {
        tags,
        summary: 'Load a BPF object file of this host into a slot',
        body: pluginInputSchema,
        response: { 200: pluginSlotSchema },
      },
    },
    (request) => plugins.load(request.body.file, request.body.slot, changeOptions(request)),
  );

  app.delete(
    '/plugins',
    {
      schema: {
        tags,
        summary: 'Empty a slot',
        querystring: removalParams,
        response: { 200: z.strictObject({}) },
      },
    },
    async (request) => {
      await plugins.remove(request.query.slot, changeOptions(request));
      return {};
    },
  );
}
