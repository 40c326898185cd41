import { z } from 'zod';
import { AUDIT_WAYS, type AuditPage, type AuditRecord, MAX_AUDIT_PAGE } from './audit.ts';
import { ERRORS, type ErrorCode } from './errors.ts';
import { queryInteger, timeSchema } from './schema-parts.ts';

const id = z.int().min(1);

export const auditQueryParams = z.strictObject({
  limit: queryInteger(1, MAX_AUDIT_PAGE).exactOptional(),
  before: queryInteger(1, Number.MAX_SAFE_INTEGER).exactOptional(),
  search: z.string().max(256).exactOptional(),
});

export const auditRecordSchema = z.strictObject({
  id,
  at: timeSchema,
  who: z.string(),
  via: z.enum(AUDIT_WAYS),
  from: z.string().nullable(),
  route: z.string(),
  target: z.string(),
  input: z.string().nullable(),
  outcome: z.enum(['ok', ...(Object.keys(ERRORS) as ErrorCode[])]),
  milliseconds: z.number().min(0),
}) satisfies z.ZodType<AuditRecord>;

export const auditPageSchema = z.strictObject({
  records: z.array(auditRecordSchema).readonly(),
  next: id.nullable(),
}) satisfies z.ZodType<AuditPage>;
