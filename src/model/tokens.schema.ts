import { z } from 'zod';
import { timeSchema } from './schema-parts.ts';
import { type NewToken, TOKEN_ROLES, type TokenInfo, type TokenInput } from './tokens.ts';

export const tokenNameSchema = z.string().max(256);

/** Shape only: which names are allowed is the registry's to judge. */
export const tokenInputSchema = z.strictObject({
  name: tokenNameSchema,
  role: z.enum(TOKEN_ROLES),
}) satisfies z.ZodType<TokenInput>;

export const tokenInfoSchema = z.strictObject({
  name: z.string(),
  role: z.enum(TOKEN_ROLES),
  createdAt: timeSchema,
}) satisfies z.ZodType<TokenInfo>;

export const newTokenSchema = tokenInfoSchema.extend({ token: z.string() }) satisfies z.ZodType<NewToken>;
