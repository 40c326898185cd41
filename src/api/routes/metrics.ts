import type { TypedApp } from '../app.ts';

/** The text format of Prometheus, version 0.0.4. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** The figures of the metrics listener, for those who may read. */
export function metricsRoute(app: TypedApp, read: () => Promise<string>): void {
  app.get(
    '/metrics',
    { schema: { tags: ['observe'], produces: ['text/plain'], summary: 'Figures for Prometheus' } },
    async (_request, reply) => reply.type(METRICS_TYPE).send(await read()),
  );
}
