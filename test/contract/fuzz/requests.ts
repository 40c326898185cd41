import type { OpenApiDocument, OpenApiOperation } from '../../../src/reference/openapi.ts';
import type { Random } from './random.ts';
import { hostileText, hostileValue, valueFor } from './values.ts';

export interface FuzzRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string | Buffer | undefined;
}

interface Route {
  readonly method: string;
  readonly path: string;
  readonly operation: OpenApiOperation;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
const TYPES = ['application/json', 'text/plain', 'application/octet-stream', 'application/xml', 'x', '', 'a/b; c="'];
const CHANGE_HEADERS = ['x-netxfw-protect', 'x-netxfw-accept-risk', 'x-netxfw-confirm', 'x-netxfw-origin'];
const FILE = '192.0.2.1\n# comment\n2001:db8::/48 ; why\n';

/** The routes of a description; answers that never end are for tests with real connections. */
export function routesOf(document: OpenApiDocument, endless = false): Route[] {
  return Object.entries(document.paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
    )
    .filter(({ operation }) => 'text/event-stream' in (operation.responses['200']?.content ?? {}) === endless);
}

/** One request to a route: as its schema says, nearly so, or nothing like it. */
export function requestFor({ method, path, operation }: Route, random: Random): FuzzRequest {
  const wrong = random.pick([0, 0, 0.1, 0.5]);
  const strange = wrong > 0 && random.chance(0.2);
  const payload = payloadFor(operation, random, wrong, strange);
  return {
    method: strange && random.chance(0.3) ? random.pick(METHODS) : method,
    url: `${path}${strange && random.chance(0.1) ? '/' : ''}${queryFor(operation, random, wrong)}`,
    headers: headersFor(random, wrong, payload, operation),
    payload,
  };
}

function queryFor({ parameters = [] }: OpenApiOperation, random: Random, wrong: number): string {
  const pairs = parameters
    .filter((parameter) => parameter.in === 'query' && (parameter.required || random.chance(0.5)))
    .map(({ name, schema }): [string, unknown] => [name, valueFor(schema, random, wrong, name)]);
  if (random.chance(wrong)) pairs.push([hostileText(random), hostileText(random)]);
  if (random.chance(wrong / 2) && pairs.length > 0) pairs.push(pairs[0]!);
  const text = pairs
    .map(
      ([key, value]) => `${encoded(key)}=${encoded(typeof value === 'object' ? JSON.stringify(value) : String(value))}`,
    )
    .join('&');
  return text === '' ? '' : `?${text}`;
}

function payloadFor(
  { requestBody }: OpenApiOperation,
  random: Random,
  wrong: number,
  strange: boolean,
): string | Buffer | undefined {
  if (strange)
    return random.pick<() => string | Buffer>([() => random.bytes(300), () => hostileText(random), () => '{'])();
  const schema = requestBody?.content['application/json']?.schema;
  if (schema === undefined) return requestBody === undefined ? undefined : FILE;
  const value = random.chance(wrong / 4) ? hostileValue(random) : valueFor(schema, random, wrong);
  return JSON.stringify(value) ?? '';
}

function headersFor(
  random: Random,
  wrong: number,
  payload: string | Buffer | undefined,
  { requestBody }: OpenApiOperation,
): Record<string, string> {
  const headers: Record<string, string> = {};
  const type = Object.keys(requestBody?.content ?? {})[0] ?? 'application/json';
  if (payload !== undefined) headers['content-type'] = random.chance(wrong / 2) ? random.pick(TYPES) : type;
  if (random.chance(0.05)) headers['x-netxfw-accept-risk'] = 'lockout';
  if (random.chance(wrong / 2)) headers[random.pick(CHANGE_HEADERS)] = visible(hostileText(random));
  if (random.chance(wrong / 4)) headers.accept = random.pick(['text/html', 'application/x-ndjson', '*/*', 'x']);
  if (random.chance(wrong / 4)) headers['if-match'] = visible(hostileText(random));
  return headers;
}

/** A lone surrogate has no bytes. */
function encoded(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString());
}

/** What a client can put into a header at all. */
function visible(text: string): string {
  return text.replace(/[^\t\x20-\x7e]/g, '').slice(0, 200);
}
