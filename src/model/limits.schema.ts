import { z } from 'zod';
import type { Limit, LimitInput } from './limits.ts';
import { changeKindSchema, prefixTextSchema, timeSchema } from './schema-parts.ts';

const count = z.int().min(0);

export const limitSchema = z.strictObject({
  prefix: z.string(),
  rate: count,
  burst: count,
  source: z.string(),
  createdAt: timeSchema,
  dropped: count,
}) satisfies z.ZodType<Limit>;

/** Shape only: ranges are the engine's to judge. */
export const limitInputSchema = z.strictObject({
  prefix: prefixTextSchema,
  rate: z.number(),
  burst: z.number().exactOptional(),
}) satisfies z.ZodType<LimitInput>;

export const limitChangeSchema = z.strictObject({ change: changeKindSchema, limit: limitSchema });
export const limitRemovalParams = z.strictObject({ prefix: prefixTextSchema });
