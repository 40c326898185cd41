import type { FastifyReply, FastifyRequest } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { Sessions } from './sessions.ts';

const token = (name: string) => ({ name, role: 'read', createdAt: '2026-01-01T00:00:00Z' }) as const;

let now: number;
let sessions: Sessions;
beforeEach(() => {
  now = 0;
  sessions = new Sessions({
    access: { verify: () => null, has: () => true },
    idle: 100,
    longest: 1000,
    now: () => now,
  });
});

/** Logs in. @returns what the browser sends from then on */
function logIn(name = 'reader'): FastifyRequest {
  const cookies: Record<string, string> = {};
  const request = { cookies, socket: {}, headers: {}, method: 'GET', routeOptions: { config: {} } };
  const reply = { setCookie: (key: string, value: string) => (cookies[key] = value) };
  sessions.begin(token(name), request as never, reply as unknown as FastifyReply);
  return request as unknown as FastifyRequest;
}

describe('a session', () => {
  it('lasts while it is used, and ends for good after its longest time', () => {
    const browser = logIn();
    for (; now <= 1000; now += 90) expect(sessions.find(browser)).not.toBeNull();
    expect(sessions.find(browser)).toBeNull();
  });

  it('is not in use while a stream only looks whether it may go on', () => {
    const browser = logIn();
    for (; now <= 100; now += 10) expect(sessions.callerOf(browser, 'look')).toMatchObject({ name: 'reader' });
    expect(sessions.callerOf(browser, 'look')).toBeNull();
  });

  it('is ended by no other token, however often that one logs in', () => {
    const mine = logIn('mine');
    const first = logIn('greedy');
    for (let i = 0; i < 2000; i++) logIn('greedy');
    expect(sessions.find(mine)).not.toBeNull();
    expect(sessions.find(first)).toBeNull();
  });
});
