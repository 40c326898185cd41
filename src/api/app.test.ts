import { describe, expect, it } from 'vitest';
import { fakeNetxfw } from '../../test/support/fake-netxfw.ts';
import { ERRORS, type ErrorCode, NetxfwError } from '../model/errors.ts';
import type { ExplainResult } from '../model/explain.ts';
import { buildApp } from './app.ts';

const json = { 'content-type': 'application/json' };

describe('errors', () => {
  it.each((Object.keys(ERRORS) as ErrorCode[]).filter((code) => code !== 'INTERNAL'))(
    'answers %s as it is',
    async (code) => {
      const error = new NetxfwError(code, 'what happened', { hint: 'what to do', details: { map: 'lock_hosts' } });
      const app = buildApp(fakeNetxfw({ rules: { counts: () => Promise.reject(error) } }));
      const answer = await app.inject('/api/rules/counts');
      expect(answer.statusCode).toBe(ERRORS[code].status);
      expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
      expect(answer.json()).toEqual({
        code,
        message: 'what happened',
        hint: 'what to do',
        details: { map: 'lock_hosts' },
      });
    },
  );

  it.each([
    new Error('ENOENT: /var/lib/netxfw/secret'),
    Object.assign(new Error('secret'), { statusCode: 418 }),
    'secret',
    undefined,
    null,
  ])('hides an unexpected %s', async (thrown) => {
    const app = buildApp(fakeNetxfw({ rules: { counts: () => Promise.reject(thrown) } }));
    const answer = await app.inject('/api/rules/counts');
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toMatchObject({ code: 'INTERNAL' });
    expect(answer.body).not.toContain('secret');
  });

  it('hides an answer that does not fit its schema', async () => {
    const app = buildApp(fakeNetxfw({ rules: { counts: async () => ({ allow: -1, deny: 0 }) } }), {
      checkAnswers: true,
    });
    expect((await app.inject('/api/rules/counts')).json()).toMatchObject({ code: 'INTERNAL' });
  });

  it.each([
    ['GET', '/nothing?x=1'],
    ['PATCH', '/api/rules'],
    ['GET', '/api/rules/'],
  ] as const)('knows no %s %s', async (method, url) => {
    const answer = await buildApp(fakeNetxfw()).inject({ method, url });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ code: 'NOT_FOUND', message: `there is no ${method} ${url.split('?')[0]}` });
  });

  it.each(['/%', '/api/rules%ff'])('answers a path that cannot be decoded: %s', async (url) => {
    const answer = await buildApp(fakeNetxfw()).inject(url);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('bodies', () => {
  const post = (payload: string, headers: Record<string, string> = json) =>
    buildApp(fakeNetxfw(), { limits: { body: 1000 } }).inject({ method: 'POST', url: '/api/rules', payload, headers });

  it.each([
    ['{}', 'field "list" is missing'],
    ['{"list":"deny"}', 'field "prefix" is missing'],
    ['{"list":"block","prefix":"192.0.2.1"}', 'field "list": "block"'],
    ['{"list":"deny","prefix":42}', 'field "prefix": 42'],
    ['{"list":"deny","prefix":"192.0.2.1","ttl":"1h"}', 'field "ttl": "1h"'],
    ['{"list":"deny","prefix":"192.0.2.1","tll":1}', 'unknown field "tll"'],
    ['[{"list":"deny","prefix":"192.0.2.1"},{"list":"deny","prefix":null}]', 'field "1.prefix": null'],
    ['{"list":"deny","prefix":"\\u001b[31m\\n"}', null],
    ['42', 'the body: 42'],
    ['null', 'the body: null'],
  ])('%s: names field and value', async (body, message) => {
    const answer = await post(body);
    if (message === null) return expect(answer.json()).toMatchObject({ code: 'INTERNAL' });
    expect(answer.json()).toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining(message) });
    expect(answer.statusCode).toBe(400);
  });

  it('lists further issues in the details', async () => {
    const answer = await post('{"list":"deny","prefix":7,"reason":8}');
    expect(answer.json().details.issues.map(({ field }: { field: string }) => field)).toEqual(['prefix', 'reason']);
  });

  it('shortens long values and escapes control characters', async () => {
    const answer = await post(JSON.stringify({ list: `\u001b[2J${'x'.repeat(500)}`, prefix: '192.0.2.1' }));
    const { message } = answer.json();
    expect(message.length).toBeLessThan(250);
    expect(message).toContain('\\u001b[2J');
    expect(message).not.toContain('\u001b');
  });

  it.each([
    ['', json],
    ['{', json],
    ['{"__proto__":{"list":"deny"}}', json],
    ['{"constructor":{"prototype":{}}}', json],
    ['a=b', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['{}', { 'content-type': 'no such type' }],
  ])('refuses the body %j as %o', async (body, headers) => {
    const answer = await post(body, headers as Record<string, string>);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('refuses a body that is too large', async () => {
    const answer = await post(JSON.stringify({ list: 'deny', prefix: 'x'.repeat(2000) }));
    expect(answer.statusCode).toBe(413);
    expect(answer.json()).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
  });
});

describe('queries', () => {
  it.each([
    ['limit=0', 'query parameter "limit": "0"'],
    ['limit=abc', 'query parameter "limit": "abc"'],
    ['limit=', 'query parameter "limit": ""'],
    ['limit=1e3', 'query parameter "limit": "1e3"'],
    ['limit=1&limit=2', 'query parameter "limit": ["1","2"]'],
    ['offset=-1', 'query parameter "offset": "-1"'],
    ['descending=yes', 'query parameter "descending": "yes"'],
    ['sort=size', 'query parameter "sort": "size"'],
    ['pages=2', 'unknown query parameter "pages"'],
    [`search=${'x'.repeat(200)}`, 'query parameter "search"'],
  ])('refuses ?%s', async (query, message) => {
    const answer = await buildApp(fakeNetxfw()).inject(`/api/rules?${query}`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining(message) });
  });

  it('reads numbers and booleans', async () => {
    let seen: unknown;
    const list = async (query: unknown) => {
      seen = query;
      return { rules: [], total: 0, offset: 0, limit: 0 };
    };
    await buildApp(fakeNetxfw({ rules: { list } })).inject('/api/rules?limit=5&offset=10&descending=true&search=a%20b');
    expect(seen).toEqual({ limit: 5, offset: 10, descending: true, search: 'a b' });
  });
});

describe('health', () => {
  it('lives as long as it answers', async () => {
    expect((await buildApp(fakeNetxfw()).inject('/healthz')).json()).toEqual({ status: 'ok' });
  });

  it('is degraded when the filter or its maps cannot be reached', async () => {
    const answer = await buildApp(fakeNetxfw()).inject('/health');
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toEqual({ status: 'degraded', attached: false, maps: false });
  });
});

describe('callers', () => {
  const fakes = {
    rules: { counts: async () => ({ allow: 0, deny: 0 }) },
    explain: { explain: async () => ({ packet: 'tcp' }) as ExplainResult },
  };
  const app = buildApp(fakeNetxfw(fakes), {
    access: {
      verify: (secret) => {
        if (secret !== 'reader' && secret !== 'admin') return null;
        return { name: secret, role: secret === 'admin' ? 'admin' : 'read', createdAt: '2026-01-01T00:00:00Z' };
      },
      has: () => true,
    },
  });
  const as = (token: string, method: 'GET' | 'POST' = 'GET', url = '/api/rules/counts') =>
    app.inject({ method, url, headers: { authorization: `Bearer ${token}` } });

  it('lets nobody in without credentials', async () => {
    for (const [method, url] of [
      ['GET', '/api/rules/counts'],
      ['POST', '/api/rules/import?list=deny'],
    ] as const) {
      const answer = await as('wrong', method, url);
      expect(answer.statusCode).toBe(401);
      expect(answer.headers['www-authenticate']).toContain('Bearer');
      expect(answer.json()).toMatchObject({ code: 'UNAUTHORIZED' });
    }
  });

  it('lets a reader read, and change nothing', async () => {
    expect((await as('reader')).statusCode).toBe(200);
    for (const url of ['/api/rules', '/api/rules/import?list=deny', '/api/stats/reset', '/api/dynamic/clear']) {
      expect((await as('reader', 'POST', url)).json()).toMatchObject({ code: 'FORBIDDEN' });
    }
  });

  it('lets a reader ask what would happen to a packet', async () => {
    const headers = { authorization: 'Bearer reader' };
    const answer = await app.inject({ method: 'POST', url: '/api/explain', headers, payload: { source: '192.0.2.1' } });
    expect(answer.json()).toEqual({ packet: 'tcp' });
  });

  it('asks nobody for /healthz and /version', async () => {
    expect((await app.inject('/healthz')).statusCode).toBe(200);
  });
});
