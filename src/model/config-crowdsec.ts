import * as z from 'zod';
import { absolutePath, duration, flag, section, text } from './config-fields.ts';

const URL_ERROR = 'must be an http or https URL such as http://127.0.0.1:8080';

/** The decisions of a CrowdSec local API, as `cscli bouncers add` allows to read them. */
export const crowdsecSchema = section({
  enabled: flag(false),
  url: z
    .string({ error: URL_ERROR })
    .refine((value) => /^https?:/.test(value) && URL.canParse(value), { error: URL_ERROR })
    .default('http://127.0.0.1:8080'),
  api_key: text.nullable().default(null),
  /** Holds the key instead, so that config.yaml need not be secret. */
  api_key_file: absolutePath.nullable().default(null),
  interval: duration.default('10s'),
});

export type CrowdsecConfig = z.output<typeof crowdsecSchema>;
