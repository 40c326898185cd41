import { z } from 'zod';
import { LISTS } from './entries.ts';
import { REASON_NAMES } from './reasons.ts';

export const listNameSchema = z.enum(LISTS);
export const reasonNameSchema = z.enum(REASON_NAMES);

/** Text of an address or CIDR; what it means is decided by parsePrefix, so that every face gives the same error. */
export const prefixTextSchema = z.string().max(128);

export const changeKindSchema = z.enum(['added', 'replaced', 'unchanged']);
export const portProtocolSchema = z.enum(['tcp', 'udp', 'any']);

/** ISO 8601 in UTC. */
export const timeSchema = z.iso.datetime();

export const counterSchema = z.strictObject({ packets: z.number(), bytes: z.number() });

/** A whole number in a query string. */
export const queryInteger = (minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(minimum).max(maximum))
    .meta({ type: 'integer', minimum, maximum });

/** `true` or `false` in a query string. */
export const queryBoolean = () =>
  z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .meta({ type: 'boolean' });
