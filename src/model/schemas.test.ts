import { describe, expect, expectTypeOf, it } from 'vitest';
import type * as z from 'zod';
import type { errorBodySchema } from './errors.schema.ts';
import type { ErrorBody } from './errors.ts';
import * as rules from './rules.schema.ts';
import type {
  ImportProgress,
  ImportResult,
  Rule,
  RuleChange,
  RuleInput,
  RulePage,
  RuleQuery,
  RuleRemoval,
  SourceMatch,
} from './rules.ts';
import type * as status from './status.schema.ts';
import type { DynamicRule, Stats, SystemStatus } from './status.ts';

// `satisfies` in the schema files proves that a schema gives the type; this proves that it leaves nothing out.
type Keys<T> = keyof T;
type Out<S extends z.ZodType> = keyof z.output<S>;

it('schemas know every key of their types', () => {
  expectTypeOf<Out<typeof rules.ruleSchema>>().toEqualTypeOf<Keys<Rule>>();
  expectTypeOf<Out<typeof rules.ruleInputSchema>>().toEqualTypeOf<Keys<RuleInput>>();
  expectTypeOf<Out<typeof rules.ruleChangeSchema>>().toEqualTypeOf<Keys<RuleChange>>();
  expectTypeOf<Out<typeof rules.ruleRemovalSchema>>().toEqualTypeOf<Keys<RuleRemoval>>();
  expectTypeOf<Out<typeof rules.rulePageSchema>>().toEqualTypeOf<Keys<RulePage>>();
  expectTypeOf<Out<typeof rules.ruleQueryParams>>().toEqualTypeOf<Keys<RuleQuery>>();
  expectTypeOf<Out<typeof rules.sourceMatchSchema>>().toEqualTypeOf<Keys<SourceMatch>>();
  expectTypeOf<Out<typeof rules.importResultSchema>>().toEqualTypeOf<Keys<ImportResult>>();
  expectTypeOf<Out<typeof rules.importProgressSchema>>().toEqualTypeOf<Keys<ImportProgress>>();
  expectTypeOf<Out<typeof status.dynamicRuleSchema>>().toEqualTypeOf<Keys<DynamicRule>>();
  expectTypeOf<Out<typeof status.statsSchema>>().toEqualTypeOf<Keys<Stats>>();
  expectTypeOf<Out<typeof status.systemStatusSchema>>().toEqualTypeOf<Keys<SystemStatus>>();
  expectTypeOf<Out<typeof errorBodySchema>>().toEqualTypeOf<Keys<ErrorBody>>();
});

describe('a rule to add', () => {
  const given = { list: 'deny', prefix: '192.0.2.1' };

  it.each([given, { ...given, reason: '', ttl: 1 }])('takes %o', (input) => {
    expect(rules.ruleInputSchema.parse(input)).toEqual(input);
  });

  it.each([
    {},
    { prefix: '192.0.2.1' },
    { ...given, list: 'block' },
    { ...given, ttl: Number.NaN },
    { ...given, ttl: Number.POSITIVE_INFINITY },
    { ...given, ttl: '60' },
    { ...given, reason: undefined },
    { ...given, reason: 'x'.repeat(1025) },
    { ...given, prefix: 'x'.repeat(129) },
    { ...given, extra: 1 },
  ])('refuses %o', (input) => {
    expect(rules.ruleInputSchema.safeParse(input).success).toBe(false);
  });
});

describe('numbers in a query', () => {
  const limit = (text: string) => rules.ruleQueryParams.safeParse({ limit: text });

  it.each(['1', '100', '10000'])('takes %s', (text) => {
    expect(limit(text).data).toEqual({ limit: Number(text) });
  });

  it.each(['', ' 1', '0', '10001', '1.0', '+1', '0x10', '1e3', 'NaN', '99999999999999999999'])(
    'refuses "%s"',
    (text) => {
      expect(limit(text).success).toBe(false);
    },
  );
});
