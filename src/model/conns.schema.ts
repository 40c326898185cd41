import { z } from 'zod';
import { FLOW_STATES, type Flow, type FlowCounts, type FlowFilter, type FlowPage, type FlowQuery } from './conns.ts';
import { prefixTextSchema, queryInteger, timeSchema } from './schema-parts.ts';

/** Most flows of one page. */
export const MAX_FLOW_PAGE = 10_000;

const count = z.int().min(0);
const port = z.int().min(0).max(65535);
const protocol = z.enum(['tcp', 'udp', 'icmp', 'icmpv6']);
const state = z.enum(FLOW_STATES);

export const flowSchema = z.strictObject({
  protocol,
  source: z.string(),
  sourcePort: port,
  destination: z.string(),
  destinationPort: port,
  state,
  createdAt: timeSchema,
  lastSeen: timeSchema,
  expiresIn: z.number().min(0),
}) satisfies z.ZodType<Flow>;

const filter = {
  protocol: protocol.exactOptional(),
  state: state.exactOptional(),
  source: prefixTextSchema.exactOptional(),
  destination: prefixTextSchema.exactOptional(),
};

export const flowFilterSchema = z.strictObject({
  ...filter,
  port: port.exactOptional(),
}) satisfies z.ZodType<FlowFilter>;

/** FlowQuery as it stands in a URL. */
export const flowQueryParams = z.strictObject({
  ...filter,
  port: queryInteger(0, 65535).exactOptional(),
  offset: queryInteger(0, Number.MAX_SAFE_INTEGER).exactOptional(),
  limit: queryInteger(1, MAX_FLOW_PAGE).exactOptional(),
}) satisfies z.ZodType<FlowQuery>;

export const flowPageSchema = z.strictObject({
  flows: z.array(flowSchema).readonly(),
  total: count,
}) satisfies z.ZodType<FlowPage>;

export const flowCountsSchema = z.strictObject({
  total: count,
  capacity: count,
  states: z.record(state, count),
}) satisfies z.ZodType<FlowCounts>;
