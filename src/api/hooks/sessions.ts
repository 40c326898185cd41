import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { NetxfwError } from '../../model/errors.ts';
import type { TokenInfo } from '../../model/tokens.ts';
import { type Access, type Caller, isReading } from './auth.ts';

/** Every change in a session must carry this header: another site can make a browser send the cookie, but not this. */
export const CSRF_HEADER = 'x-csrf-token';

export interface SessionOptions {
  readonly access: Access;
  /** A session that is not used for this time ends, milliseconds. */
  readonly idle?: number;
  /** Every session ends after this time, milliseconds. */
  readonly longest?: number;
  readonly now?: () => number;
}

interface Session {
  readonly number: number;
  readonly token: TokenInfo;
  readonly csrf: string;
  readonly begun: number;
  seen: number;
}

const HOUR = 3_600_000;
const MAX_SESSIONS = 1000;
/** Whoever logs in again and again ends sessions of its own, not those of others. */
const MAX_PER_TOKEN = 50;
const random = () => randomBytes(32).toString('base64url');

/** Sessions of the web UI, kept in memory: a restart of the daemon ends them all, and so does removing their token. */
export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #access: Access;
  readonly #idle: number;
  readonly #longest: number;
  readonly #now: () => number;
  #begun = 0;

  constructor({ access, idle = 8 * HOUR, longest = 24 * HOUR, now = () => performance.now() }: SessionOptions) {
    this.#access = access;
    this.#idle = idle;
    this.#longest = longest;
    this.#now = now;
  }

  /** Begins a session and gives the browser its cookie. @returns what a page must send with every change */
  begin(token: TokenInfo, request: FastifyRequest, reply: FastifyReply): string {
    this.#sweep();
    const id = random();
    const csrf = random();
    const now = this.#now();
    const own = [...this.#sessions].filter(([, session]) => session.token.name === token.name);
    if (own.length >= MAX_PER_TOKEN) this.#sessions.delete(own[0]![0]);
    this.#sessions.set(id, { number: ++this.#begun, token, csrf, begun: now, seen: now });
    if (this.#sessions.size > MAX_SESSIONS) this.#sessions.delete(this.#sessions.keys().next().value!);
    reply.setCookie(cookieName(request), id, { ...cookieOptions(request), maxAge: Math.floor(this.#longest / 1000) });
    return csrf;
  }

  /**
   * Whose session the request belongs to.
   * @param how to look is no use of the session
   * @throws NetxfwError FORBIDDEN for a change without the CSRF header
   */
  callerOf(request: FastifyRequest, how: 'use' | 'look' = 'use'): Caller | null {
    const session = this.#find(request, how);
    if (session === null) return null;
    if (!isReading(request) && !equal(String(request.headers[CSRF_HEADER] ?? ''), session.csrf)) {
      throw new NetxfwError('FORBIDDEN', `the header ${CSRF_HEADER} does not belong to this session`, {
        hint: 'Load the page again.',
      });
    }
    const { token, number } = session;
    return { name: token.name, role: token.role, via: 'session', session: number };
  }

  find(request: FastifyRequest): { readonly token: TokenInfo; readonly csrf: string } | null {
    return this.#find(request, 'use');
  }

  #find(request: FastifyRequest, how: 'use' | 'look'): Session | null {
    const id = request.cookies[cookieName(request)] ?? '';
    const session = this.#sessions.get(id);
    if (session === undefined) return null;
    if (this.#isOver(session)) {
      this.#sessions.delete(id);
      return null;
    }
    if (how === 'use') session.seen = this.#now();
    return session;
  }

  end(request: FastifyRequest, reply: FastifyReply): void {
    this.#sessions.delete(request.cookies[cookieName(request)] ?? '');
    reply.clearCookie(cookieName(request), cookieOptions(request));
  }

  #isOver({ token, begun, seen }: Session): boolean {
    const now = this.#now();
    return now - seen > this.#idle || now - begun > this.#longest || !this.#access.has(token);
  }

  #sweep(): void {
    for (const [id, session] of this.#sessions) if (this.#isOver(session)) this.#sessions.delete(id);
  }
}

/** Browsers do not keep cookies of different ports apart, so that two instances need two names. */
function cookieName({ socket }: FastifyRequest): string {
  return `netxfw_session_${socket.localPort ?? 0}`;
}

function cookieOptions({ protocol }: FastifyRequest) {
  return { path: '/', httpOnly: true, sameSite: 'strict', secure: protocol === 'https' } as const;
}

function equal(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
