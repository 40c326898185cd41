import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { fakeNetxfw } from '../../test/support/fake-netxfw.ts';
import type { EventAPI } from '../sdk/types.ts';
import { type App, type AppOptions, buildApp } from './app.ts';

let app: App;
afterEach(() => app.close());

/** The app on a real port, with this source of verdicts. */
async function serve(verdicts: EventAPI['verdicts'], options: AppOptions = {}): Promise<number> {
  app = buildApp(fakeNetxfw({ events: { verdicts } }), options);
  await app.listen({ port: 0, host: '127.0.0.1' });
  return (app.server.address() as AddressInfo).port;
}

function open(port: number, headers: OutgoingHttpHeaders = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asking = request({ port, path: '/api/events/verdicts', headers }, resolve);
    asking.on('error', reject);
    asking.end();
  });
}

const turn = (milliseconds = 5) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Yields numbers as fast as they are taken, and notes how many, and when the reader is gone. */
function endless(every = 0, size = 1) {
  const seen = { taken: 0, ended: false, aborted: false };
  const verdicts: EventAPI['verdicts'] = async function* (_filter, signal) {
    signal?.addEventListener('abort', () => (seen.aborted = true));
    try {
      for (;;) {
        if (every > 0 || seen.taken % 100 === 99) await turn(every);
        if (signal?.aborted) return;
        seen.taken++;
        yield { lost: seen.taken, padding: 'x'.repeat(size) } as never;
      }
    } finally {
      seen.ended = true;
    }
  };
  return { seen, verdicts };
}

const until = async (condition: () => boolean) => {
  while (!condition()) await turn();
};

const READER = { name: 'reader', role: 'read', createdAt: '2026-01-01T00:00:00Z' } as const;

describe('an event stream', () => {
  it('answers at once, before anything has happened', async () => {
    const port = await serve(async function* (_filter, signal) {
      await new Promise((resolve) => signal?.addEventListener('abort', resolve));
      yield* [];
    });
    const answer = await open(port);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('text/event-stream');
    expect(answer.headers['cache-control']).toBe('no-store');
    const [comment] = await new Promise<Buffer[]>((resolve) => answer.once('data', (chunk) => resolve([chunk])));
    expect(comment!.toString()).toBe(': connected\n\n');
    answer.destroy();
  });

  it('carries one document a line', async () => {
    const { verdicts } = endless(1);
    const answer = await open(await serve(verdicts));
    let text = '';
    answer.on('data', (chunk) => (text += chunk));
    await until(() => text.split('\n\n').length > 5);
    const lines = text.split('\n\n').slice(1, 4);
    expect(lines.map((line) => JSON.parse(line.slice('data: '.length)).lost)).toEqual([1, 2, 3]);
    answer.destroy();
  });

  it('ends its source when the reader goes away, also while nothing happens', async () => {
    for (const quiet of [false, true]) {
      const { seen, verdicts } = endless(quiet ? 20 : 1);
      const answer = await open(await serve(verdicts));
      await until(() => seen.taken > 0);
      answer.destroy();
      await until(() => seen.ended && seen.aborted);
      await app.close();
    }
  });

  it('reads no faster than its reader', async () => {
    const { seen, verdicts } = endless(0, 10_000);
    const answer = await open(await serve(verdicts));
    answer.pause();
    let before = -1;
    while (seen.taken !== before) {
      before = seen.taken;
      await turn(300);
    }
    expect(seen.taken).toBeLessThan(10_000);
    const stuck = seen.taken;
    answer.resume();
    await until(() => seen.taken > stuck + 100);
    answer.destroy();
    await until(() => seen.ended);
  });

  it('refuses with a status what cannot be followed', async () => {
    const { NetxfwError } = await import('../model/errors.ts');
    const port = await serve(async function* () {
      yield* [];
      throw new NetxfwError('INVALID_ADDRESS', '"x" is not an IP address or network');
    });
    expect((await open(port)).statusCode).toBe(400);
  });

  it('is one of a bounded number', async () => {
    const { verdicts } = endless(50);
    const port = await serve(verdicts);
    const answers = await Promise.all(Array.from({ length: 64 }, () => open(port)));
    expect(answers.every(({ statusCode }) => statusCode === 200)).toBe(true);
    const refused = await open(port);
    expect(refused.statusCode).toBe(429);
    refused.resume();
    for (const answer of answers) answer.destroy();
    await until(() => app.server.listening);
    let again = 429;
    while (again === 429) {
      await turn();
      const retry = await open(port);
      again = retry.statusCode!;
      retry.destroy();
    }
    expect(again).toBe(200);
  });

  it('is one of so many for one token, which leaves streams to others', async () => {
    const { verdicts } = endless(50);
    const access = { verify: (secret: string) => ({ ...READER, name: secret }), has: () => true };
    const port = await serve(verdicts, { access });
    const as = (name: string) => open(port, { authorization: `Bearer ${name}` });
    const greedy = await Promise.all(Array.from({ length: 12 }, () => as('greedy')));
    expect(greedy.map(({ statusCode }) => statusCode)).toEqual(Array(12).fill(200));
    const refused = await as('greedy');
    let text = '';
    for await (const chunk of refused) text += chunk;
    expect(refused.statusCode).toBe(429);
    expect(JSON.parse(text)).toMatchObject({ code: 'TOO_MANY_REQUESTS', message: expect.stringContaining('"greedy"') });
    const other = await as('other');
    expect(other.statusCode).toBe(200);
    for (const answer of [...greedy, other]) answer.destroy();
  });

  it('is one of so many in one session', async () => {
    const { verdicts } = endless(50);
    const access = { verify: () => READER, has: () => true };
    const port = await serve(verdicts, { access, ui: { directory: '/nonexistent' } });
    const logIn = async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/api/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token: 'secret' }),
      });
      return answer.headers.get('set-cookie')!.split(';', 1)[0]!;
    };
    const [mine, another] = [await logIn(), await logIn()];
    const answers = await Promise.all(Array.from({ length: 6 }, () => open(port, { cookie: mine })));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(6).fill(200));
    answers.push(await open(port, { cookie: mine }), await open(port, { cookie: another }));
    expect(answers.slice(6).map(({ statusCode }) => statusCode)).toEqual([429, 200]);
    for (const answer of answers) answer.destroy();
  });

  it('ends when the token of its reader is removed', async () => {
    let valid = true;
    const access = { verify: () => (valid ? READER : null), has: () => valid };
    const { verdicts } = endless(20);
    const answer = await open(await serve(verdicts, { access }), { authorization: 'Bearer secret' });
    expect(answer.statusCode).toBe(200);
    const ended = new Promise((resolve) => answer.resume().on('close', resolve));
    valid = false;
    await ended;
  });

  it('ends when the app closes', async () => {
    const { verdicts } = endless(20);
    const answer = await open(await serve(verdicts));
    answer.resume();
    const ended = new Promise((resolve) => answer.on('close', resolve));
    await app.close();
    await ended;
  });
});
