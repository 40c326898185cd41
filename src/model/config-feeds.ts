import * as z from 'zod';
import { absolutePath, choice, duration, flag, integer, list, section, text } from './config-fields.ts';

const action = choice(['deny', 'allow']);
const FROM = 'must be an absolute path or an http or https URL';

const from = z
  .string({ error: FROM })
  .refine((value) => value.startsWith('/') || (/^https?:/.test(value) && URL.canParse(value)), { error: FROM });

/** A list that others keep. */
export const feedSchema = section({
  name: text.regex(/^[a-z0-9][a-z0-9._-]{0,40}$/, { error: 'must be lower case letters, digits, dots and dashes' }),
  from,
  format: choice(['text', 'csv', 'json']).default('text'),
  /** csv: number of the column, from 1, or its name in the first line. */
  column: z.union([integer(1, 1000), text.min(1)], { error: 'must be the number or the name of a column' }).default(1),
  separator: text.length(1, { error: 'must be one character' }).default(','),
  /** json: where the addresses are, `prefixes[].ipv4Prefix`. */
  json_path: text.default('[]'),
  action: action.default('deny'),
  refresh: duration.default('6h'),
  ttl: duration.nullable().default(null),
  max_entries: integer(1, 10_000_000).default(1_000_000),
  /** Percent that a refresh may take away unasked. */
  max_shrink: integer(0, 100).default(50),
  /** Shortest prefixes that are believed. */
  min_prefix_v4: integer(1, 32).default(8),
  min_prefix_v6: integer(1, 128).default(16),
  keep_private: flag(false),
});

export type Feed = z.output<typeof feedSchema>;

const country = text.regex(/^[a-z]{2}$/i, { error: 'must be a country code of two letters' });

export const countriesSchema = section({
  deny: list(country),
  allow: list(country),
  /** CSV files of `code,network` or `first,last,code`; empty: the data that come with netxfw. */
  data: list(absolutePath),
});

export type Countries = z.output<typeof countriesSchema>;

export const feedsSchema = section({ lists: list(feedSchema), countries: countriesSchema.prefault({}) });

export type FeedsConfig = z.output<typeof feedsSchema>;
