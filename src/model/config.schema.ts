import { z } from 'zod';
import { ConfigSchema } from './config.ts';
import type { PendingConfirm, ReloadResult } from './operations.ts';
import { timeSchema } from './schema-parts.ts';

/** Longest text of a configuration, in characters. */
const MAX_YAML = 16 * 1024 * 1024;
const texts = z.array(z.string()).readonly();
const kind = z.enum(['none', 'incremental', 'full']);

export const configViewSchema = z.strictObject({
  config: ConfigSchema,
  yaml: z.string(),
  file: z.string(),
  etag: z.string(),
});

export const configTextSchema = z.strictObject({ yaml: z.string().max(MAX_YAML) });
/** Dotted key -> value; null where a key takes it. */
export const configValuesSchema = z.record(z.string().max(200), z.unknown());
export const configCheckSchema = z.strictObject({ kind, changes: texts });

export const pendingConfirmSchema = z.strictObject({
  deadline: timeSchema,
  what: z.string(),
}) satisfies z.ZodType<PendingConfirm>;

export const pendingAnswerSchema = z.strictObject({ pending: pendingConfirmSchema.nullable() });

export const reloadResultSchema = z.strictObject({
  kind,
  because: z.string(),
  changes: texts,
  milliseconds: z.number(),
  pending: pendingConfirmSchema.nullable(),
  notices: texts,
}) satisfies z.ZodType<ReloadResult>;

export const copiedSchema = z.strictObject({ copied: z.int().min(0) });
export const synchronisedSchema = z.strictObject({ added: z.int().min(0), removed: z.int().min(0) });
