import { z } from 'zod';
import { cacheSchema, latencySchema, perfReportSchema, trafficSchema } from '../../model/operations.schema.ts';
import type { PerfAPI } from '../../sdk/types.ts';
import type { TypedApp } from '../app.ts';

const tags = ['perf'];

export function perfRoutes(app: TypedApp, perf: PerfAPI): void {
  app.get('/perf', { schema: { tags, summary: 'All figures', response: { 200: perfReportSchema } } }, () => perf.get());

  app.get(
    '/perf/latency',
    {
      schema: {
        tags,
        summary: 'How long operations on the maps take, in microseconds',
        response: { 200: z.array(latencySchema).readonly() },
      },
    },
    async () => (await perf.get()).latency,
  );

  app.get(
    '/perf/cache',
    { schema: { tags, summary: 'Hits and misses', response: { 200: z.array(cacheSchema).readonly() } } },
    async () => (await perf.get()).caches,
  );

  app.get(
    '/perf/traffic',
    { schema: { tags, summary: 'Packets and bits per second, by reason', response: { 200: trafficSchema } } },
    async () => (await perf.get()).traffic,
  );

  app.post(
    '/perf/reset',
    {
      schema: {
        tags,
        summary: 'Begin to measure anew; counters of packets stay',
        response: { 200: z.strictObject({}) },
      },
    },
    async () => {
      await perf.reset();
      return {};
    },
  );
}
