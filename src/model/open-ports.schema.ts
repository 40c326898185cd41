import { z } from 'zod';
import type { IpPortRule, IpPortRuleInput, OpenPort, PortEdit, PortSuggestion } from './open-ports.ts';
import { changeKindSchema, portProtocolSchema, prefixTextSchema, timeSchema } from './schema-parts.ts';

/** Text of a port or range; what it means is decided by parsePorts. */
const portsText = z.string().max(32);
const action = z.enum(['allow', 'deny']);

export const openPortSchema = z.strictObject({
  ports: z.string(),
  protocol: portProtocolSchema,
  source: z.string(),
  createdAt: timeSchema,
}) satisfies z.ZodType<OpenPort>;

export const openPortInputSchema = z.strictObject({ spec: portsText });
export const openPortChangeSchema = z.strictObject({ change: changeKindSchema, port: openPortSchema });

/** As many ranges as the kernel could tell apart. */
const specs = z.array(portsText).max(65_535).readonly();
export const portEditSchema = z.strictObject({
  open: specs.default([]),
  close: specs.default([]),
}) satisfies z.ZodType<PortEdit>;
export const portEditedSchema = z.strictObject({ opened: z.array(openPortChangeSchema).readonly() });

export const portSuggestionSchema = z.strictObject({
  port: z.int(),
  protocol: z.enum(['tcp', 'udp']),
  address: z.string(),
  process: z.string().nullable(),
}) satisfies z.ZodType<PortSuggestion>;

export const ipPortRuleSchema = z.strictObject({
  prefix: z.string(),
  ports: z.string(),
  protocol: portProtocolSchema,
  action,
  reason: z.string(),
  source: z.string(),
  createdAt: timeSchema,
}) satisfies z.ZodType<IpPortRule>;

export const ipPortRuleInputSchema = z.strictObject({
  prefix: prefixTextSchema,
  ports: portsText,
  protocol: portProtocolSchema.exactOptional(),
  action,
  reason: z.string().max(1024).exactOptional(),
}) satisfies z.ZodType<IpPortRuleInput>;

export const ipPortRuleChangeSchema = z.strictObject({ change: changeKindSchema, rule: ipPortRuleSchema });

export const ipPortRuleRemovalParams = z.strictObject({
  prefix: prefixTextSchema,
  ports: portsText,
  protocol: portProtocolSchema.exactOptional(),
});
