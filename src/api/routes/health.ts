import { z } from 'zod';
import type { Netxfw } from '../../sdk/types.ts';
import type { TypedApp } from '../app.ts';

const versionSchema = z.strictObject({ version: z.string() });
const healthSchema = z.strictObject({
  status: z.enum(['ok', 'degraded']),
  /** The filter is attached to at least one interface. */
  attached: z.boolean(),
  /** The maps can be read. */
  maps: z.boolean(),
});

const tags = ['observe'];

/** What a supervisor or load balancer asks; says nothing about addresses, interfaces or rules. */
export function healthRoutes(app: TypedApp, sdk: Netxfw): void {
  app.get(
    '/healthz',
    {
      schema: {
        tags,
        summary: 'Whether the process answers',
        response: { 200: z.strictObject({ status: z.literal('ok') }) },
      },
    },
    () => ({
      status: 'ok' as const,
    }),
  );

  app.get(
    '/version',
    { schema: { tags, summary: 'Version of the daemon', response: { 200: versionSchema } } },
    async () => ({
      version: await sdk.system.version(),
    }),
  );

  app.get(
    '/health',
    {
      schema: {
        tags,
        summary: 'Whether the firewall does its work',
        response: { 200: healthSchema, 503: healthSchema },
      },
    },
    async (_request, reply) => {
      const attached = await sdk.system.status().then(
        (status) => status.loaded,
        () => false,
      );
      const maps = await sdk.stats.get().then(
        () => true,
        () => false,
      );
      const healthy = attached && maps;
      return reply.status(healthy ? 200 : 503).send({ status: healthy ? 'ok' : 'degraded', attached, maps });
    },
  );
}
