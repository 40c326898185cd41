import type { FastifyInstance, FastifyRequest } from 'fastify';
import { NetxfwError } from '../../model/errors.ts';
import { say } from '../../model/messages.ts';
import type { TokenInfo, TokenRole } from '../../model/tokens.ts';
import type { FailureLimit } from './failures.ts';
import type { Sessions } from './sessions.ts';

/** Who sends a request. `read` may look at everything and change nothing. */
export interface Caller {
  /** Name of the token; `local` for whoever may open the socket. */
  readonly name: string;
  readonly role: TokenRole;
  readonly via: 'socket' | 'token' | 'session';
  /** Which of the token's sessions; null outside of one. */
  readonly session: number | null;
}

/** Says whose a token is: the registry of tokens. */
export interface Access {
  verify(secret: string): TokenInfo | null;
  /** Whether a token that was verified earlier still exists. */
  has(token: TokenInfo): boolean;
}

/** What stands between a stranger and the routes; without it, everybody who can connect may do everything. */
export interface Guard {
  readonly access: Access;
  readonly failures: FailureLimit;
  /** Sessions of the web UI; null where there is none. */
  readonly sessions: Sessions | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Known to every handler below `requireCaller`. */
    caller: Caller | null;
    /** Whether the caller would still be let in, which is no use of a session: for answers that go on for long. */
    mayStay: (() => boolean) | null;
  }
  interface FastifyContextConfig {
    /** It changes nothing, although its method does not say so. */
    readonly reads?: boolean;
  }
}

const READING = new Set(['GET', 'HEAD']);
const LOCAL: Caller = { name: 'local', role: 'admin', via: 'socket', session: null };

export const isReading = ({ method, routeOptions }: FastifyRequest): boolean =>
  READING.has(method) || routeOptions.config.reads === true;

/** Lets nothing below this scope run before the caller is known and allowed; the body has not been read by then. */
export function requireCaller(app: FastifyInstance, guard: Guard | null): void {
  app.addHook('onRequest', async (request) => {
    const caller = guard === null ? LOCAL : identify(request, guard);
    request.caller = caller;
    request.mayStay = () => guard === null || identify(request, guard, 'look') !== null;
    if (caller === null) throw guard!.failures.refuse(request.ip, 'no valid token was sent');
    if (caller.role !== 'admin' && !isReading(request)) throw mayOnlyRead(caller);
  });
}

/** For what a reader may not even look at. */
export async function requireAdmin({ caller }: FastifyRequest): Promise<void> {
  if (caller?.role !== 'admin') throw mayOnlyRead(caller!);
}

function identify(request: FastifyRequest, { access, sessions }: Guard, how: 'use' | 'look' = 'use'): Caller | null {
  const secret = bearerOf(request);
  if (secret === null) return sessions?.callerOf(request, how) ?? null;
  const token = access.verify(secret);
  return token === null ? null : { name: token.name, role: token.role, via: 'token', session: null };
}

function bearerOf({ headers }: FastifyRequest): string | null {
  return /^bearer +(\S{1,512}) *$/i.exec(headers.authorization ?? '')?.[1] ?? null;
}

function mayOnlyRead({ name }: Caller): NetxfwError {
  return new NetxfwError('FORBIDDEN', say('refused.mayOnlyRead', { name }));
}
