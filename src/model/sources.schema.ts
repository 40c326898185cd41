import { z } from 'zod';
import { MAX_RULES_PER_REQUEST } from './rules.schema.ts';
import { listNameSchema, prefixTextSchema, queryBoolean } from './schema-parts.ts';
import { SOURCE_NAME, type SourceCount, type SourceEntry, type SourceResult, type SourceUpdate } from './sources.ts';

/** Most entries that a source may give one by one; more are a text file. */
export const MAX_SOURCE_ENTRIES = 1_000_000;

const count = z.int().min(0);
const sourceName = z.string().regex(SOURCE_NAME, 'must be a kind and a name, such as feed:spamhaus');

const sourceEntrySchema = z.strictObject({
  prefix: prefixTextSchema,
  reason: z.string().max(1024).exactOptional(),
  ttl: z.number().exactOptional(),
}) satisfies z.ZodType<SourceEntry>;

export const sourceEntriesSchema = z.array(sourceEntrySchema).max(MAX_SOURCE_ENTRIES);

export const sourceUpdateSchema = z.strictObject({
  source: sourceName,
  list: listNameSchema,
  add: z.array(sourceEntrySchema).max(MAX_RULES_PER_REQUEST),
  remove: z.array(prefixTextSchema).max(MAX_RULES_PER_REQUEST),
}) satisfies z.ZodType<SourceUpdate>;

/** What goes with the body of a replacement, in its URL. */
export const sourceReplaceParams = z.strictObject({
  source: sourceName,
  list: listNameSchema,
  reason: z.string().max(1024).exactOptional(),
  ttl: z
    .string()
    .regex(/^-?\d{1,15}(\.\d{1,9})?$/, 'must be a number of seconds')
    .transform(Number)
    .exactOptional(),
  skipInvalid: queryBoolean().exactOptional(),
  name: z.string().max(4096).exactOptional(),
});

export const sourceResultSchema = z.strictObject({
  source: z.string(),
  list: listNameSchema,
  entries: count,
  added: count,
  removed: count,
  kept: count,
  duplicates: count,
  invalid: count,
  invalidLines: z.array(z.strictObject({ line: count, text: z.string(), message: z.string() })).readonly(),
  notices: z.array(z.string()).readonly(),
}) satisfies z.ZodType<SourceResult>;

export const sourceCountSchema = z.strictObject({
  source: z.string(),
  list: listNameSchema,
  entries: count,
  shared: count,
}) satisfies z.ZodType<SourceCount>;
