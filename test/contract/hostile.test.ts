import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type App, buildApp } from '../../src/api/app.ts';
import { createMock, type MockNetxfw } from '../../src/sdk/mock.ts';

/** Whatever is sent, the answer is one that the schemas describe, and never a failure of ours. */
/** More for a longer search: NETXFW_FUZZ_RUNS=100000. */
const RUNS = Number(process.env.NETXFW_FUZZ_RUNS ?? 3000);

let engine: MockNetxfw;
let app: App;

beforeAll(async () => {
  engine = await createMock({ capacity: { lock_hosts: 50, lock_list: 20, whitelist: 20, dyn_lock_list: 20 } });
  app = buildApp(engine, { checkAnswers: true });
});

afterAll(async () => {
  await app.close();
  await engine.close();
});

const word = fc.oneof(
  fc.constantFrom('deny', 'allow', 'text', 'json', 'true', '1', '100', '-1', '0', '', 'prefix', 'null', '__proto__'),
  fc.constantFrom('192.0.2.1', '10.0.0.0/8', '2001:db8::/64', '::ffff:1.2.3.4', '::', '0.0.0.0/0', '1.2.3.4/33'),
  fc.ipV4(),
  fc.ipV6(),
  fc.string({ unit: 'binary', maxLength: 200 }),
);
const key = fc.oneof(
  fc.constantFrom('list', 'prefix', 'address', 'reason', 'ttl', 'search', 'sort', 'limit', 'offset', 'format', 'name'),
  fc.constantFrom('source', 'destination', 'protocol', 'port', 'state', 'flags', 'vlan', 'slot', 'file', 'direction'),
  fc.constantFrom('descending', 'skipInvalid', '__proto__', 'constructor', 'toString'),
  fc.string({ maxLength: 10 }),
);
const value = fc.oneof(word, fc.double(), fc.integer(), fc.boolean(), fc.constant(null), fc.jsonValue({ maxDepth: 3 }));
const rule = fc.oneof(
  fc.record(
    { list: fc.constantFrom('allow', 'deny'), prefix: word, reason: word, ttl: fc.oneof(fc.nat(), fc.double()) },
    { requiredKeys: ['list', 'prefix'] },
  ),
  fc.dictionary(key, value, { maxKeys: 6 }),
);
const body = fc.oneof(rule, fc.array(rule, { maxLength: 5 }), fc.jsonValue({ maxDepth: 4 }));
const payload = fc.oneof(
  { weight: 4, arbitrary: body.map((object) => JSON.stringify(object) ?? '') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }) },
);
const path = fc
  .oneof(
    {
      weight: 8,
      arbitrary: fc.constantFrom(
        '/api/rules',
        '/api/rules/counts',
        '/api/rules/match',
        '/api/rules/import',
        '/api/rules/export',
        '/api/dynamic',
        '/api/dynamic/clear',
        '/api/stats',
        '/api/stats/reset',
        '/api/system/status',
        '/api/conntrack',
        '/api/conntrack/counts',
        '/api/conntrack/flush',
        '/api/explain',
        '/api/events/top',
        '/api/plugins',
        '/api/health',
        '/version',
        '/healthz',
      ),
    },
    { weight: 1, arbitrary: fc.webPath() },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme-ascii', maxLength: 40 }).map((text) => `/${text}`) },
  )
  .filter(
    // Others cannot be injected; src/api/connections.test.ts sends some over a real socket.
    (text) => URL.canParse(text, 'http://localhost'),
  );
const request = fc.record({
  method: fc.constantFrom('GET', 'POST', 'DELETE', 'PUT', 'PATCH', 'HEAD', 'OPTIONS'),
  path,
  query: fc.dictionary(key, word, { maxKeys: 5 }),
  payload,
  type: fc.constantFrom('application/json', 'application/json', 'text/plain', 'application/octet-stream', 'x'),
});

it('no request makes the API fail', async () => {
  let answered = 0;
  await fc.assert(
    fc.asyncProperty(request, async ({ method, path, query, payload, type }) => {
      const url = `${path}?${new URLSearchParams(query)}`;
      const withBody = method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
      const answer = await app.inject({
        method: method as 'GET',
        url,
        ...(withBody ? { payload, headers: { 'content-type': type } } : {}),
      });
      const code = answer.body.startsWith('{"code"') ? (answer.json().code as string) : '';
      if (answer.statusCode >= 500) expect(code, `${method} ${url} ${payload}`).toBe('MAP_FULL');
      if (answer.statusCode >= 400 && method !== 'HEAD') expect(code).toMatch(/^[A-Z_]+$/);
      if (answer.statusCode < 300) answered++;
    }),
    { numRuns: RUNS },
  );
  expect(answered).toBeGreaterThan(RUNS / 50);
});
