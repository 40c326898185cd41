import { z } from 'zod';
import { extensionCallParams, extensionStatusSchema } from '../../model/extensions.schema.ts';
import type { ExtensionAPI } from '../../sdk/types.ts';
import type { TypedApp } from '../app.ts';

const tags = ['extensions'];

export function extensionRoutes(app: TypedApp, extensions: ExtensionAPI): void {
  app.get(
    '/extensions',
    {
      schema: {
        tags,
        summary: 'Plugins in TypeScript and how they are',
        response: { 200: z.array(extensionStatusSchema).readonly() },
      },
    },
    () => extensions.list(),
  );

  app.post(
    '/extensions/call',
    {
      schema: {
        tags,
        summary: 'Call a command of a plugin',
        querystring: extensionCallParams,
        body: z.strictObject({ argument: z.unknown() }),
        response: { 200: z.strictObject({ value: z.unknown() }) },
      },
    },
    async ({ query, body }) => ({ value: (await extensions.call(query.name, query.command, body.argument)) ?? null }),
  );
}
