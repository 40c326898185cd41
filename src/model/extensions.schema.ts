import { z } from 'zod';
import type { ExtensionStatus } from './extensions.ts';
import { timeSchema } from './schema-parts.ts';

export const extensionStatusSchema = z.strictObject({
  name: z.string(),
  module: z.string(),
  state: z.enum(['starting', 'running', 'failed', 'stopped']),
  since: timeSchema,
  ok: z.boolean(),
  message: z.string(),
  commands: z.array(z.string()).readonly(),
}) satisfies z.ZodType<ExtensionStatus>;

export const extensionCallParams = z.strictObject({
  name: z.string().max(64),
  command: z.string().max(64),
});
