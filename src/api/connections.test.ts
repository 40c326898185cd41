import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeNetxfw } from '../../test/support/fake-netxfw.ts';
import { type App, type AppLimits, buildApp } from './app.ts';

let directory: string;
let path: string;
let app: App;
const sockets: Socket[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'nxt-api-'));
  path = join(directory, 'api.sock');
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await app.close();
  rmSync(directory, { recursive: true, force: true });
});

async function serve(limits: Partial<AppLimits> = {}): Promise<void> {
  app = buildApp(fakeNetxfw({ rules: { counts: async () => ({ allow: 0, deny: 0 }) } }), { limits });
  await app.listen({ path });
}

/** What comes back until the other side hangs up. */
function talk(...parts: (string | Buffer)[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(path);
    sockets.push(socket);
    let answer = '';
    socket.setEncoding('utf8').on('data', (text) => {
      answer += text;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
    for (const part of parts) socket.write(part);
  });
}

const body = (answer: string) => JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')));
const HEALTH = 'GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';

describe('what is no request', () => {
  it.each<[string, string | Buffer]>([
    ['words', 'hello\r\n\r\n'],
    ['TLS', Buffer.from('160301020001000001fc0303', 'hex')],
    ['zeros', Buffer.alloc(64)],
    ['a bad version', 'GET / HTTP/9.9\r\n\r\n'],
    ['two lengths', 'POST /api/rules HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n'],
    [
      'length and chunks',
      'POST /api/rules HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n',
    ],
    ['a bad chunk', 'POST /api/rules/import?list=deny HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'],
  ])('is refused and hung up on: %s', async (_name, bytes) => {
    await serve();
    const answer = await talk(bytes);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(body(answer)).toMatchObject({ code: 'INVALID_INPUT', hint: expect.any(String) });
    expect(await talk(HEALTH)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('is refused: a head that is too large', async () => {
    await serve({ headers: 4096 });
    const answer = await talk(`GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(8000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(body(answer)).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
  });
});

describe('slow clients', () => {
  it('are cut off when the head does not arrive', async () => {
    await serve({ headersTimeout: 100 });
    const answer = await talk('GET /healthz HTT');
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('are cut off when the body does not arrive', async () => {
    await serve({ headersTimeout: 100, requestTimeout: 200 });
    const head =
      'POST /api/rules HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{';
    expect(await talk(head)).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('are cut off when nothing moves', async () => {
    await serve({ idleTimeout: 100 });
    expect(await talk()).toBe('');
  });
});

it('more connections than the limit are hung up on, the others go on', async () => {
  await serve({ connections: 2 });
  const first = talk('GET /healthz HTTP/1.1\r\nhost: x\r\n');
  const second = talk('GET /healthz HTTP/1.1\r\nhost: x\r\n');
  expect(await talk(HEALTH)).toBe('');
  for (const socket of sockets.slice(0, 2)) socket.write('connection: close\r\n\r\n');
  expect(await first).toMatch(/^HTTP\/1\.1 200 /);
  expect(await second).toMatch(/^HTTP\/1\.1 200 /);
});

it.each([
  '/\\',
  '//',
  '//[',
  '/%',
  '*',
  'http://[::1',
  'http://x/healthz',
  '/\u00ff',
  '/api/rules?%',
  '/healthz?a[__proto__]=1',
])('the path %s is answered', async (target) => {
  await serve();
  const answer = await talk(`GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 (200|400|404) /);
});

it('many requests on one connection are answered in order', async () => {
  await serve();
  const counts = 'GET /api/rules/counts HTTP/1.1\r\nhost: x\r\n\r\n';
  const answer = await talk(counts.repeat(50), HEALTH);
  expect(answer.split('{"allow":0,"deny":0}')).toHaveLength(51);
  expect(answer.endsWith('{"status":"ok"}')).toBe(true);
});
