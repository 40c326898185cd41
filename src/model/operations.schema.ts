import { z } from 'zod';
import type {
  CacheFigures,
  HealthReport,
  LatencyFigures,
  PerfReport,
  PluginSlot,
  TrafficFigures,
} from './operations.ts';

const count = z.int().min(0);
const figure = z.number().min(0);

export const pluginSlotSchema = z.strictObject({
  slot: count,
  name: z.string(),
  file: z.string().nullable(),
  tag: z.string(),
  programId: count,
}) satisfies z.ZodType<PluginSlot>;

/** Shape only: which slots there are is the data plane's to judge. */
export const pluginInputSchema = z.strictObject({ file: z.string().min(1).max(4096), slot: z.int() });

export const healthReportSchema = z.strictObject({
  healthy: z.boolean(),
  checks: z
    .array(z.strictObject({ name: z.string(), ok: z.boolean(), message: z.string(), hint: z.string().nullable() }))
    .readonly(),
}) satisfies z.ZodType<HealthReport>;

export const latencySchema = z.strictObject({
  operation: z.string(),
  count,
  errors: count,
  min: figure,
  mean: figure,
  max: figure,
  p50: figure,
  p90: figure,
  p99: figure,
}) satisfies z.ZodType<LatencyFigures>;

export const cacheSchema = z.strictObject({
  name: z.string(),
  hits: count,
  misses: count,
  evictions: count,
  size: count,
  hitRate: z.number().min(0).max(1),
}) satisfies z.ZodType<CacheFigures>;

const rate = z.strictObject({ pps: figure, bps: figure });

export const trafficSchema = z.strictObject({
  interval: figure,
  passed: rate,
  dropped: rate,
  reasons: z.array(rate.extend({ reason: z.string(), verdict: z.enum(['pass', 'drop']) })).readonly(),
}) satisfies z.ZodType<TrafficFigures>;

export const perfReportSchema = z.strictObject({
  latency: z.array(latencySchema).readonly(),
  caches: z.array(cacheSchema).readonly(),
  traffic: trafficSchema,
  process: z.strictObject({
    cpu: figure,
    residentMemory: count,
    heapUsed: count,
    eventLoopDelay: z.strictObject({ mean: figure, p99: figure, max: figure }),
    uptime: figure,
  }),
}) satisfies z.ZodType<PerfReport>;
