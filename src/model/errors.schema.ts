import { z } from 'zod';
import { ERRORS, type ErrorBody, type ErrorCode } from './errors.ts';

export const errorBodySchema = z.strictObject({
  code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
  message: z.string(),
  hint: z.string(),
  details: z.unknown().exactOptional(),
}) satisfies z.ZodType<ErrorBody>;
