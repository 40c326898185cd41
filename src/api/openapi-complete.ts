import * as z from 'zod';
import { ACCEPT_RISK_HEADER, CONFIRM_HEADER, PROTECT_HEADER } from '../model/change-headers.ts';
import { errorBodySchema } from '../model/errors.schema.ts';
import { CSRF_HEADER } from './hooks/sessions.ts';

/** What a route says of its bodies besides their schemas: media types of streams. */
export interface Media {
  readonly consumes?: readonly string[] | undefined;
  readonly produces?: readonly string[] | undefined;
}

interface Operation {
  operationId?: string;
  tags?: readonly string[];
  parameters?: readonly unknown[];
  requestBody?: unknown;
  security?: readonly unknown[];
  responses?: Record<string, { description?: string; content?: unknown; $ref?: string }>;
}

interface Document {
  paths?: object;
  components?: { readonly securitySchemes?: object };
}

const ref = (kind: string, name: string) => ({ $ref: `#/components/${kind}/${name}` });

const failure = (description: string) => ({
  description,
  content: { 'application/json': { schema: ref('schemas', 'Error') } },
});

const RESPONSES = {
  BadRequest: failure('A part of the request is wrong; the message names it'),
  Unauthorized: failure('No valid token or session'),
  Forbidden: failure('The token may only read, or the request comes from a page of another site'),
  TooManyRequests: failure('Too many requests without a valid token; see Retry-After'),
  Failure: failure('A failure; the code says which'),
};

const header = (name: string, description: string, schema: object) => ({ name, in: 'header', description, schema });

const PARAMETERS = {
  Protect: header(PROTECT_HEADER, 'Addresses, separated by commas, that the change must not cut off', {
    type: 'string',
  }),
  AcceptRisk: header(ACCEPT_RISK_HEADER, 'Risks that are accepted, such as `lockout`', { type: 'string' }),
  Confirm: header(CONFIRM_HEADER, 'Seconds after which the change is undone unless it is confirmed', {
    type: 'integer',
    minimum: 1,
    maximum: 86_400,
  }),
  Csrf: header(CSRF_HEADER, 'In a session only: what the log-in answered as `csrf`', { type: 'string' }),
};

/** Tags of routes that change nothing in the firewall. */
const NO_CHANGE = new Set(['tokens', 'session', 'explain', 'observe']);

/** Says once what is true of all routes. */
export function complete<D extends Document>(document: D, mediaOf: (method: string, url: string) => Media): D {
  for (const [url, operations] of Object.entries(document.paths ?? {}) as [string, Record<string, Operation>][]) {
    for (const [method, operation] of Object.entries(operations)) {
      describe(operation, method, url, mediaOf(method, url));
    }
  }
  const { $schema: _, ...error } = z.toJSONSchema(errorBodySchema);
  const components = {
    ...document.components,
    schemas: { Error: error },
    responses: RESPONSES,
    parameters: PARAMETERS,
  };
  return plain({ ...document, components });
}

function describe(operation: Operation, method: string, url: string, { consumes, produces }: Media): void {
  const open = operation.security?.length === 0;
  const reading = method === 'get';
  operation.operationId = nameOf(method, url);
  if (consumes !== undefined) {
    const schema = { type: 'string', format: 'binary' };
    operation.requestBody = { required: true, content: Object.fromEntries(consumes.map((type) => [type, { schema }])) };
  }
  const changing = !reading && !NO_CHANGE.has(operation.tags?.[0] ?? '');
  const shared = [...(changing ? ['Protect', 'AcceptRisk', 'Confirm'] : []), ...(reading || open ? [] : ['Csrf'])];
  const parameters = [...(operation.parameters ?? []), ...shared.map((name) => ref('parameters', name))];
  if (parameters.length > 0) operation.parameters = parameters;
  const responses = operation.responses ?? {};
  for (const [status, response] of Object.entries(responses)) {
    response.description = status === '200' ? 'Done' : 'Not as it should be';
  }
  if (produces !== undefined) {
    const schema = { type: 'string' };
    responses['200']!.content = Object.fromEntries(produces.map((type) => [type, { schema }]));
  }
  operation.responses = {
    ...responses,
    ...((operation.parameters ?? operation.requestBody) ? { 400: ref('responses', 'BadRequest') } : {}),
    ...(open ? {} : { 401: ref('responses', 'Unauthorized') }),
    ...(reading ? {} : { 403: ref('responses', 'Forbidden') }),
    ...(open && reading ? {} : { 429: ref('responses', 'TooManyRequests') }),
    default: ref('responses', 'Failure'),
  };
}

/** `get /api/rules/counts` -> `getApiRulesCounts`. */
function nameOf(method: string, url: string): string {
  const words = url.match(/[a-z0-9]+/gi) ?? [];
  return method + words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
}

/**
 * Leaves out what the schema library says and OpenAPI understands otherwise or readers do not need: readOnly (TypeScript's,
 * not HTTP's), the pattern of a date, the text form of a number in a query.
 */
function plain<T>(value: T): T {
  if (Array.isArray(value)) return value.map(plain) as T;
  if (typeof value !== 'object' || value === null) return value;
  const { readOnly: _, ...rest } = value as Record<string, unknown>;
  const { type, format } = rest;
  if (format === 'date-time' || type === 'integer') delete rest.pattern;
  if (type === 'boolean') delete rest.enum;
  return Object.fromEntries(Object.entries(rest).map(([key, inner]) => [key, plain(inner)])) as T;
}
