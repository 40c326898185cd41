import { z } from 'zod';
import { healthReportSchema } from '../../model/operations.schema.ts';
import type { HealthAPI, Netxfw } from '../../sdk/types.ts';
import type { TypedApp } from '../app.ts';

const versionSchema = z.strictObject({ version: z.string() });
const healthSchema = z.strictObject({
  status: z.enum(['ok', 'degraded']),
  /** The filter is on every interface where it shall be. */
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
        security: [],
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
    { schema: { tags, security: [], summary: 'Version of the daemon', response: { 200: versionSchema } } },
    async () => ({
      version: await sdk.system.version(),
    }),
  );

  app.get(
    '/health',
    {
      schema: {
        tags,
        security: [],
        summary: 'Whether the firewall does its work',
        response: { 200: healthSchema, 503: healthSchema },
      },
    },
    async (_request, reply) => {
      const report = await sdk.health.check().catch(() => null);
      const healthy = report?.healthy ?? false;
      const ok = (about: RegExp) =>
        report?.checks.filter(({ name }) => about.test(name)).every((check) => check.ok) ?? false;
      const attached = ok(/^(filter|egress)\b/);
      const maps = ok(/^(maps|layout|bpffs)$/);
      return reply.status(healthy ? 200 : 503).send({ status: healthy ? 'ok' : 'degraded', attached, maps });
    },
  );
}

/** Every check with its remedy, for whoever may look. */
export function healthReportRoute(app: TypedApp, health: HealthAPI): void {
  app.get(
    '/health',
    {
      schema: {
        tags,
        summary: 'Every check, with its remedy',
        response: { 200: healthReportSchema },
      },
    },
    () => health.check(),
  );
}
