import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, buildApp } from '../../src/api/app.ts';

import { Tokens } from '../../src/engine/tokens.ts';
import { AUDIT_ACTIONS, type AuditEntry } from '../../src/model/audit.ts';
import { type OpenApiOperation, openApiDocument } from '../../src/reference/openapi.ts';
import { createMock, type MockNetxfw } from '../../src/sdk/mock.ts';
import { MemoryTokens } from '../../src/store/memory-tokens.ts';

/** Every route x whoever may come: the answer must be the one that the role deserves. */

let engine: MockNetxfw;
let app: App;
let secrets: { readonly admin: string; readonly read: string };
let peer = 0;
const audited: AuditEntry[] = [];

beforeAll(async () => {
  engine = await createMock();
  const tokens = new Tokens(new MemoryTokens());
  secrets = {
    admin: tokens.create({ name: 'admin', role: 'admin' }).token,
    read: tokens.create({ name: 'reader', role: 'read' }).token,
  };
  app = buildApp(engine, {
    access: tokens,
    audit: (entry) => void audited.push(entry),
    names: () => ['fw.example.org', '*.wild.example.org'],
    metrics: async () => '',
    ui: { directory: '/nonexistent' },
  });
  await app.ready();
});
afterAll(async () => {
  await app.close();
  await engine.close();
});

interface Route {
  readonly name: string;
  readonly method: string;
  readonly url: string;
  readonly open: boolean;
  readonly reading: boolean;
}

/** What needs no token, by intent; a new route that does not belong here must not slip in. */
const OPEN = ['GET /healthz', 'GET /version', 'GET /health', 'POST /api/session'];
/** A POST that changes nothing. */
const QUESTIONS = ['POST /api/explain', 'POST /api/config/validate'];
/** What readers may not even look at. */
const ADMIN_ONLY = ['GET /api/tokens'];

const description = await openApiDocument(await createMock());
const routes: Route[] = Object.entries(description.paths).flatMap(([url, methods]) =>
  Object.keys(methods as Record<string, OpenApiOperation>).map((key) => {
    const method = key.toUpperCase();
    const name = `${method} ${url}`;
    return { name, method, url, open: OPEN.includes(name), reading: method === 'GET' || QUESTIONS.includes(name) };
  }),
);

type Outcome = 'in' | 'UNAUTHORIZED' | 'FORBIDDEN';

/** How a request is received: whether it gets to the route at all. */
async function outcome({ method, url }: Route, headers: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  // Another peer each time, so that no one is slowed down for the failures of the one before.
  peer++;
  const answer = await app.inject({
    method: method as 'GET',
    url,
    headers: { host: 'localhost', ...headers },
    remoteAddress: `198.18.${peer >> 8}.${peer & 255}`,
    // Some answers never end.
    payloadAsStream: true,
    ...(method === 'GET' ? {} : { payload: {} }),
  });
  const stream = answer.stream();
  if (answer.statusCode !== 401 && answer.statusCode !== 403) {
    stream.destroy();
    return 'in';
  }
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()).code as Outcome;
}

const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

async function login(secret: string): Promise<{ readonly cookie: string; readonly csrf: string }> {
  const answer = await app.inject({
    method: 'POST',
    url: '/api/session',
    headers: { host: 'localhost' },
    payload: { token: secret },
  });
  const [{ name, value, httpOnly, sameSite }] = answer.cookies as [
    { name: string; value: string; httpOnly: boolean; sameSite: string },
  ];
  expect({ httpOnly, sameSite }).toEqual({ httpOnly: true, sameSite: 'Strict' });
  return { cookie: `${name}=${value}`, csrf: answer.json().csrf as string };
}

describe.each(routes)('$name', (route) => {
  it('serves no page of another site, whatever token its browser has', async () => {
    for (const headers of [
      { host: 'evil.example' },
      { host: 'fw.example.org.evil.example' },
      { host: 'a.b.wild.example.org' },
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { origin: 'https://localhost' },
      { 'sec-fetch-site': 'cross-site' },
    ]) {
      expect(await outcome(route, { ...bearer(secrets.admin), ...(headers as Record<string, string>) })).toBe(
        'FORBIDDEN',
      );
    }
  });
});

describe.each(routes.filter(({ open }) => !open))('$name', (route) => {
  const { name, method, reading } = route;

  it('lets no stranger in', async () => {
    const wrong = ['Bearer nxfw_wrong', 'Bearer ', `Basic ${secrets.admin}`, `bearer ${secrets.admin}x`, secrets.admin];
    expect(await outcome(route)).toBe('UNAUTHORIZED');
    for (const authorization of wrong) expect(await outcome(route, { authorization })).toBe('UNAUTHORIZED');
    expect(await outcome(route, { cookie: 'netxfw_session_0=x' })).toBe('UNAUTHORIZED');
  });

  it('lets a reader look and change nothing', async () => {
    const may = reading && !ADMIN_ONLY.includes(name);
    expect(await outcome(route, bearer(secrets.read))).toBe(may ? 'in' : 'FORBIDDEN');
  });

  it('lets an administrator in', async () => {
    expect(await outcome(route, bearer(secrets.admin))).toBe('in');
  });

  it('asks a session for its CSRF token before a change', async () => {
    const { cookie, csrf } = await login(secrets.admin);
    const changes = method !== 'GET' && !QUESTIONS.includes(name);
    expect(await outcome(route, { cookie })).toBe(changes ? 'FORBIDDEN' : 'in');
    expect(await outcome(route, { cookie, 'x-csrf-token': `${csrf}x` })).toBe(changes ? 'FORBIDDEN' : 'in');
    const { cookie: other } = await login(secrets.admin);
    expect(await outcome(route, { cookie: other, 'x-csrf-token': csrf })).toBe(changes ? 'FORBIDDEN' : 'in');
    expect(await outcome(route, { cookie, 'x-csrf-token': csrf })).toBe('in');
  });

  it('answers under the names of this host', async () => {
    for (const host of [
      '127.0.0.1:11818',
      '[::1]:11818',
      'fw.example.org',
      'FW.example.org.:80',
      'a.wild.example.org',
    ]) {
      expect(await outcome(route, { ...bearer(secrets.admin), host })).toBe('in');
    }
  });
});

it('shows secrets of the configuration to administrators only, wherever they would appear', async () => {
  const text = '# S3cret\ncrowdsec: { api_key: S3cret }\nplugins: [{ module: ./a.ts, config: { key: S3cret } }]\n';
  const ask = async (secret: string, method: 'GET' | 'POST' | 'PUT' | 'PATCH', url: string, payload?: object) =>
    app.inject({ method, url, headers: { host: 'localhost', ...bearer(secret) }, ...(payload && { payload }) });
  const put = await ask(secrets.admin, 'PUT', '/api/config', { yaml: text });
  expect(put.statusCode, put.body).toBe(200);
  expect((await ask(secrets.admin, 'GET', '/api/config')).json().yaml).toBe(text);
  const seen = await ask(secrets.read, 'GET', '/api/config');
  expect(seen.json().config.crowdsec.api_key).toBe('hidden');
  expect(seen.body).not.toContain('S3cret');
  const check = await ask(secrets.read, 'POST', '/api/config/validate', { yaml: '' });
  const values = { 'crowdsec.api_key': 'S3cret2', 'base.default_deny': false };
  expect((await ask(secrets.admin, 'PATCH', '/api/config', values)).statusCode).toBe(200);
  expect(audited.at(-1)!.input).toBe('{"crowdsec.api_key":"hidden","base.default_deny":false}');
  expect(JSON.stringify(audited)).not.toContain('S3cret');
  expect(check.json().changes).toEqual(['plugins: 0 added, 1 removed', 'crowdsec.api_key: changed']);
});

it('the routes that need no token are these, and the description says so', () => {
  const said = Object.entries(description.paths).flatMap(([url, methods]) =>
    Object.entries(methods)
      .filter(([, { security }]) => security?.length === 0)
      .map(([method]) => `${method.toUpperCase()} ${url}`),
  );
  expect(said.sort()).toEqual([...OPEN].sort());
});

it('what changes something has words in the audit log, and nothing else has', () => {
  const changing = routes.filter(({ name, reading }) => !reading && !QUESTIONS.includes(name)).map(({ name }) => name);
  expect(Object.keys(AUDIT_ACTIONS).sort()).toEqual(changing.sort());
});

it('every change and every refusal is told of, but no question and no preview', async () => {
  const told = async (name: string, headers: Record<string, string>, payload?: object) => {
    const before = audited.length;
    const [method, url] = name.split(' ') as ['GET', string];
    await app.inject({
      method,
      url,
      headers: { host: 'localhost', ...headers },
      remoteAddress: '198.19.0.1',
      ...(payload && { payload }),
    });
    return audited.slice(before);
  };
  const admin = bearer(secrets.admin);
  expect(await told('POST /api/dynamic', admin, { prefix: '192.0.2.9', reason: 'a\u001b[31mb' })).toEqual([
    {
      who: 'admin',
      via: 'token',
      from: expect.stringContaining('198.19.0.1'),
      route: 'POST /api/dynamic',
      target: '/api/dynamic',
      input: '{"prefix":"192.0.2.9","reason":"a\\u001b[31mb"}',
      outcome: 'INVALID_INPUT',
      milliseconds: expect.any(Number),
    },
  ]);
  expect(await told('POST /api/dynamic', admin, { prefix: '192.0.2.9' })).toMatchObject([{ outcome: 'ok' }]);
  expect(await told('DELETE /api/dynamic?prefix=192.0.2.8', admin)).toMatchObject([{ outcome: 'RULE_NOT_FOUND' }]);
  expect(await told('POST /api/rules/import?list=deny&preview=true', admin, [])).toEqual([]);
  expect(await told('POST /api/explain', admin, { source: '192.0.2.1' })).toEqual([]);
  expect(await told('GET /api/rules', admin)).toEqual([]);
  expect(await told('POST /api/rules', bearer(secrets.read), {})).toMatchObject([
    { who: 'reader', outcome: 'FORBIDDEN' },
  ]);
  expect(await told('GET /api/rules', {})).toMatchObject([{ who: 'unknown', via: 'none', outcome: 'UNAUTHORIZED' }]);
  expect(await told('POST /api/session', {}, { token: 'S3cret' })).toMatchObject([{ via: 'none', input: null }]);
});
