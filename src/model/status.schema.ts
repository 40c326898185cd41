import { z } from 'zod';
import { counterSchema, prefixTextSchema, reasonNameSchema, timeSchema } from './schema-parts.ts';
import {
  type Attachment,
  type DynamicRule,
  LISTENERS,
  type Listener,
  type MapFill,
  type ReasonStats,
  type Stats,
  type SystemStatus,
  type TrafficHistory,
} from './status.ts';

const count = z.int().min(0);

export const dynamicInputSchema = z.strictObject({
  prefix: prefixTextSchema,
  reason: z.string().max(1024).exactOptional(),
  ttl: z.number().exactOptional(),
});

export const dynamicRuleSchema = z.strictObject({
  prefix: z.string(),
  reason: z.string(),
  blockedAt: timeSchema,
  expiresAt: timeSchema.nullable(),
  cause: reasonNameSchema.nullable(),
  hits: count,
}) satisfies z.ZodType<DynamicRule>;

export const reasonStatsSchema = counterSchema.extend({
  reason: reasonNameSchema,
  verdict: z.enum(['pass', 'drop']),
  description: z.string(),
  monitored: z.boolean(),
}) satisfies z.ZodType<ReasonStats>;

export const statsSchema = z.strictObject({
  at: timeSchema,
  passed: counterSchema,
  dropped: counterSchema,
  wouldDrop: counterSchema,
  reasons: z.array(reasonStatsSchema).readonly(),
}) satisfies z.ZodType<Stats>;

export const attachmentSchema = z.strictObject({
  interface: z.string(),
  ifindex: count,
  mode: z.enum(['native', 'generic', 'offload']),
  note: z.string().nullable(),
}) satisfies z.ZodType<Attachment>;

export const mapFillSchema = z.strictObject({
  name: z.string(),
  entries: count,
  capacity: count,
  bytes: count,
}) satisfies z.ZodType<MapFill>;

export const listenerSchema = z.strictObject({
  name: z.enum(LISTENERS),
  address: z.string(),
  problem: z.string().nullable(),
}) satisfies z.ZodType<Listener>;

export const systemStatusSchema = z.strictObject({
  version: z.string(),
  loaded: z.boolean(),
  daemon: z.boolean(),
  attachments: z.array(attachmentSchema).readonly(),
  rules: z.strictObject({ allow: count, deny: count, dynamic: count }),
  maps: z.array(mapFillSchema).readonly(),
  packets: z.strictObject({ passed: counterSchema, dropped: counterSchema }),
  startedAt: timeSchema.nullable(),
  pinPath: z.string(),
  configFile: z.string(),
  listeners: z.array(listenerSchema).readonly(),
  warnings: z.array(z.string()).readonly(),
}) satisfies z.ZodType<SystemStatus>;

export const resetReportSchema = z.strictObject({
  rules: count,
  dynamic: count,
  limits: count,
  ports: count,
  ipPortRules: count,
});

export const historyQueryParams = z.strictObject({ after: z.string().max(64).exactOptional() });

const values = z.array(z.number().min(0)).readonly();

export const trafficHistorySchema = z.strictObject({
  next: z.string(),
  at: values,
  seconds: values,
  reasons: z
    .array(
      z.strictObject({
        reason: reasonNameSchema,
        verdict: z.enum(['pass', 'drop']),
        monitored: z.boolean(),
        packets: values,
        bytes: values,
      }),
    )
    .readonly(),
}) satisfies z.ZodType<TrafficHistory>;
