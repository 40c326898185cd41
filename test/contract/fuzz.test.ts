import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, buildApp } from '../../src/api/app.ts';
import type { ErrorCode } from '../../src/model/errors.ts';
import { openApiDocument } from '../../src/reference/openapi.ts';
import { createMock, type MockNetxfw } from '../../src/sdk/mock.ts';
import { Random } from './fuzz/random.ts';
import { type FuzzRequest, requestFor, routesOf } from './fuzz/requests.ts';

/** Another one with NETXFW_FUZZ_SEED; more or fewer requests with NETXFW_FUZZ_REQUESTS. */
const SEED = Number(process.env.NETXFW_FUZZ_SEED ?? Date.now() % 1_000_000_000);
const REQUESTS = Number(process.env.NETXFW_FUZZ_REQUESTS ?? 100_000);
/** What a server may answer with 5xx when nothing is wrong with it: a map is full, or there is no kernel below. */
const EXPECTED = new Set<ErrorCode>(['MAP_FULL', 'NOT_LOADED', 'DAEMON_UNREACHABLE', 'KERNEL_UNSUPPORTED']);

let engine: MockNetxfw;
let app: App;
beforeAll(async () => {
  engine = await createMock({ capacity: { lock_hosts: 50, lock_list: 20, whitelist: 20, dyn_lock_list: 20 } });
  app = buildApp(engine, { checkAnswers: true, metrics: async () => '' });
  await app.ready();
});
afterAll(async () => {
  await app.close();
  await engine.close();
});

async function send({ method, url, headers, payload }: FuzzRequest) {
  const answer = await app.inject({
    method: method as 'GET',
    url,
    headers,
    ...(payload === undefined || method === 'GET' || method === 'HEAD' ? {} : { payload }),
  });
  const type = String(answer.headers['content-type'] ?? '');
  const body =
    type.startsWith('application/json') && method !== 'HEAD' ? (answer.json() as { code?: ErrorCode }) : null;
  return { status: answer.statusCode, code: body?.code ?? null };
}

function heap(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

describe(`requests by the description of the API (seed ${SEED})`, () => {
  it(`${REQUESTS} of them, right and wrong ones, make nothing fail and leave nothing behind`, {
    timeout: 600_000,
  }, async () => {
    const random = new Random(SEED);
    const routes = routesOf(await openApiDocument(engine));
    // Without a daemon the figures of traffic take a second.
    const quick = routes.filter(({ method, path }) => method !== 'GET' || !path.startsWith('/api/perf'));
    const succeeded = new Set<string>();
    const refused = new Set<string>();
    let before = 0;
    for (let sent = 0; sent < REQUESTS; sent++) {
      const route = random.pick(random.chance(0.001) ? routes : quick);
      const request = requestFor(route, random);
      const { status, code } = await send(request);
      const failed = status >= 500 && !EXPECTED.has(code!);
      const mute = status >= 400 && code === null && request.method !== 'HEAD';
      if (failed || mute) {
        expect.fail(`seed ${SEED}, request ${sent}: ${JSON.stringify(request)} was answered ${status} ${code}`);
      }
      (status < 300 ? succeeded : refused).add(`${route.method} ${route.path}`);
      if (sent === Math.floor(REQUESTS / 5)) before = heap();
    }
    expect(heap() - before).toBeLessThan(30 * 2 ** 20);
    // A fuzzer that is turned away at the door proves nothing.
    expect(succeeded.size).toBeGreaterThan(routes.length * 0.7);
    expect(refused.size).toBeGreaterThan(routes.length * 0.7);
  });
});
