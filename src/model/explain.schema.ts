import { z } from 'zod';
import type { ExplainRequest, ExplainResult } from './explain.ts';
import { REASONS, type ReasonName } from './reasons.ts';
import { prefixTextSchema, timeSchema } from './schema-parts.ts';

const number = z.int();
const text = z.string().max(64);

/** Shape only: what fits together is the engine's to judge. */
export const explainRequestSchema = z.strictObject({
  source: prefixTextSchema,
  destination: prefixTextSchema.exactOptional(),
  protocol: text.exactOptional(),
  sourcePort: number.exactOptional(),
  destinationPort: number.exactOptional(),
  flags: text.exactOptional(),
  icmpType: number.exactOptional(),
  icmpCode: number.exactOptional(),
  vlan: number.exactOptional(),
  fragment: z.enum(['none', 'first', 'late']).exactOptional(),
  direction: z.enum(['in', 'out']).exactOptional(),
  interface: text.exactOptional(),
}) satisfies z.ZodType<ExplainRequest>;

export const explainResultSchema = z.strictObject({
  verdict: z.enum(['pass', 'drop']),
  /** NONE: what this host sends is not judged. */
  reason: z.enum(Object.keys(REASONS) as [ReasonName, ...ReasonName[]]),
  description: z.string(),
  monitored: z.boolean(),
  entry: z
    .strictObject({
      map: z.string(),
      key: z.string(),
      reason: z.string(),
      expiresAt: timeSchema.nullable(),
      source: z.string().nullable(),
    })
    .nullable(),
  stages: z
    .array(z.strictObject({ name: z.string(), outcome: z.enum(['continue', 'decided', 'not reached']) }))
    .readonly(),
  records: z.string().nullable(),
  packet: z.string(),
}) satisfies z.ZodType<ExplainResult>;
