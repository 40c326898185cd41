import { z } from 'zod';
import type { EventFilter, EventTop, VerdictEvent } from './events.ts';
import { prefixTextSchema, queryBoolean, queryInteger, reasonNameSchema, timeSchema } from './schema-parts.ts';

const count = z.int().min(0);
const verdict = z.enum(['pass', 'drop']);

export const verdictEventSchema = z.strictObject({
  at: timeSchema,
  verdict,
  reason: reasonNameSchema,
  monitored: z.boolean(),
  interface: z.string(),
  ethertype: count,
  vlan: count.nullable(),
  source: z.string().nullable(),
  destination: z.string().nullable(),
  protocol: count.nullable(),
  sourcePort: count.nullable(),
  destinationPort: count.nullable(),
  tcpFlags: count.nullable(),
  icmpType: count.nullable(),
  length: count,
  data: z.base64().exactOptional(),
}) satisfies z.ZodType<VerdictEvent>;

/** EventFilter as it stands in a URL. */
export const eventFilterParams = z.strictObject({
  verdict: verdict.exactOptional(),
  reason: reasonNameSchema.exactOptional(),
  source: prefixTextSchema.exactOptional(),
  port: queryInteger(0, 65535).exactOptional(),
  capture: queryBoolean().exactOptional(),
}) satisfies z.ZodType<EventFilter>;

const entries = z.array(z.strictObject({ key: z.string(), packets: count })).readonly();

export const eventTopSchema = z.strictObject({
  window: z.number().min(0),
  sources: entries,
  ports: entries,
  reasons: entries,
}) satisfies z.ZodType<EventTop>;
