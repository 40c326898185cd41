import { z } from 'zod';
import {
  type ImportProgress,
  type ImportResult,
  MAX_SELECTED,
  RULE_FORMATS,
  RULE_SORTS,
  type Rule,
  type RuleBulkRemoval,
  type RuleChange,
  type RuleCounts,
  type RuleInput,
  type RulePage,
  type RuleQuery,
  type RuleRemoval,
  type RuleSelection,
  type SourceMatch,
} from './rules.ts';
import {
  listNameSchema,
  prefixTextSchema,
  queryBoolean,
  queryInteger,
  reasonNameSchema,
  timeSchema,
} from './schema-parts.ts';

/** Most rules that one request may add; a longer list is an import. */
export const MAX_RULES_PER_REQUEST = 100_000;
export const MAX_PAGE = 10_000;

const notices = z.array(z.string()).readonly();
const reasonText = z.string().max(1024);
const seconds = z.number();
const count = z.int().min(0);

export const ruleSchema = z.strictObject({
  list: listNameSchema,
  prefix: z.string(),
  reason: z.string(),
  createdAt: timeSchema,
  expiresAt: timeSchema.nullable(),
  source: z.string(),
  otherSources: z.array(z.string()).readonly().exactOptional(),
}) satisfies z.ZodType<Rule>;

/** Shape only: ranges of ttl, length of reason and the prefix itself are the engine's to judge. */
export const ruleInputSchema = z.strictObject({
  list: listNameSchema,
  prefix: prefixTextSchema,
  reason: reasonText.exactOptional(),
  ttl: seconds.exactOptional(),
}) satisfies z.ZodType<RuleInput>;

export const ruleInputsSchema = z.array(ruleInputSchema).max(MAX_RULES_PER_REQUEST);

export const ruleChangeSchema = z.strictObject({
  change: z.enum(['added', 'replaced', 'unchanged']),
  rule: ruleSchema,
  notices,
}) satisfies z.ZodType<RuleChange>;

export const ruleRemovalSchema = z.strictObject({
  removed: z.array(ruleSchema).readonly(),
  notices,
}) satisfies z.ZodType<RuleRemoval>;

const selected = z.array(prefixTextSchema).max(MAX_SELECTED).readonly();
const selection = { list: listNameSchema, expect: count.exactOptional() };

export const ruleSelectionSchema = z.union([
  z.strictObject({ ...selection, prefixes: selected }),
  z.strictObject({ ...selection, search: z.string().max(128), except: selected.exactOptional() }),
]) satisfies z.ZodType<RuleSelection>;

export const rulePreviewParams = z.strictObject({ preview: queryBoolean().exactOptional() });

export const ruleBulkRemovalSchema = z.strictObject({
  removed: count,
  staying: count,
  configured: count,
  missing: count,
}) satisfies z.ZodType<RuleBulkRemoval>;

export const rulePageSchema = z.strictObject({
  rules: z.array(ruleSchema).readonly(),
  total: count,
  offset: count,
  limit: count,
}) satisfies z.ZodType<RulePage>;

export const ruleCountsSchema = z.strictObject({ allow: count, deny: count }) satisfies z.ZodType<RuleCounts>;

export const sourceMatchSchema = z.strictObject({
  rule: ruleSchema,
  verdict: reasonNameSchema,
}) satisfies z.ZodType<SourceMatch>;

/** RuleQuery as it stands in a URL. */
export const ruleQueryParams = z.strictObject({
  list: listNameSchema.exactOptional(),
  search: z.string().max(128).exactOptional(),
  sort: z.enum(RULE_SORTS).exactOptional(),
  descending: queryBoolean().exactOptional(),
  offset: queryInteger(0, Number.MAX_SAFE_INTEGER).exactOptional(),
  limit: queryInteger(1, MAX_PAGE).exactOptional(),
}) satisfies z.ZodType<RuleQuery>;

export const ruleRemovalParams = z.strictObject({ prefix: prefixTextSchema, list: listNameSchema.exactOptional() });
export const ruleMatchParams = z.strictObject({ address: prefixTextSchema });

const formatSchema = z.enum(RULE_FORMATS);

export const ruleExportParams = z.strictObject({
  list: listNameSchema.exactOptional(),
  format: formatSchema.exactOptional(),
});

export const ruleImportParams = z.strictObject({
  list: listNameSchema.exactOptional(),
  format: formatSchema.exactOptional(),
  reason: reasonText.exactOptional(),
  ttl: z
    .string()
    .regex(/^-?\d{1,15}(\.\d{1,9})?$/, 'must be a number of seconds')
    .transform(Number)
    .exactOptional(),
  skipInvalid: queryBoolean().exactOptional(),
  preview: queryBoolean().exactOptional(),
  name: z.string().max(4096).exactOptional(),
});

export const importResultSchema = z.strictObject({
  list: listNameSchema.nullable(),
  read: count,
  added: count,
  replaced: count,
  unchanged: count,
  duplicates: count,
  invalid: count,
  invalidLines: z.array(z.strictObject({ line: count, text: z.string(), message: z.string() })).readonly(),
  notices,
  policy: z.strictObject({ limits: count, ports: count, ipPortRules: count }).exactOptional(),
}) satisfies z.ZodType<ImportResult>;

export const importProgressSchema = z.strictObject({
  done: count,
  total: count,
  phase: z.enum(['read', 'apply', 'store']),
}) satisfies z.ZodType<ImportProgress>;

export const ruleClearSchema = z.strictObject({ list: listNameSchema.exactOptional() });
export const removedSchema = z.strictObject({ removed: count });
