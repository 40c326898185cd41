import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ORIGIN_HEADER } from '../../model/change-headers.ts';
import type { ErrorCode } from '../../model/errors.ts';
import { isReading } from './auth.ts';

/** One line of the audit log: a change, or an attempt to get in. */
export interface AuditEntry {
  /** Token, or the local user. */
  readonly who: string;
  readonly via: 'socket' | 'token' | 'session' | 'none';
  /** Address and port of the peer; null on the socket. */
  readonly from: string | null;
  /** `POST /api/rules` and its query. */
  readonly what: string;
  /** The body as JSON, shortened; null without one. */
  readonly input: string | null;
  /** `ok`, or the code of the error. */
  readonly outcome: ErrorCode | 'ok';
  readonly milliseconds: number;
}

export type Audit = (entry: AuditEntry) => void;

declare module 'fastify' {
  interface FastifyRequest {
    /** What the answer says to have failed, also when its status was sent before. */
    failure: ErrorCode | null;
  }
  interface FastifyContextConfig {
    /** The body holds a secret. */
    readonly secret?: boolean;
  }
}

/** C0 and C1 controls, and the line separators of Unicode. */
const CONTROL = /[\p{Cc}\u2028\u2029]/gu;
const MAX_INPUT = 500;
/** Parts of a body that may hold a secret: of config.yaml, whole or by key. */
const UNWRITTEN = /^(yaml|plugins|(feeds\.)?lists|(crowdsec\.)?(api_key|url)|plugins\..*)$/;
const MAX_TARGET = 300;

/** Tells of every change when it is done, and of every caller that was refused. */
export function auditChanges(app: FastifyInstance, audit: Audit): void {
  app.addHook('onResponse', async (request, reply) => {
    const refused = request.failure === 'UNAUTHORIZED' || request.failure === 'FORBIDDEN';
    if (isReading(request) && !refused) return;
    if (request.method === 'OPTIONS') return;
    const { caller, failure, socket } = request;
    audit({
      who: whoIs(request),
      via: caller?.via ?? 'none',
      from: socket.remoteAddress === undefined ? null : `${socket.remoteAddress} port ${socket.remotePort}`,
      what: printable(`${request.method} ${request.url}`, MAX_TARGET),
      input: inputOf(request),
      outcome: failure ?? (reply.statusCode < 400 ? 'ok' : 'INVALID_INPUT'),
      milliseconds: Math.round(reply.elapsedTime),
    });
  });
}

/** Whoever may open the socket is believed what it says of itself, such as the user behind sudo. */
function whoIs({ caller, headers }: FastifyRequest): string {
  if (caller === null) return 'unknown';
  const claim = headers[ORIGIN_HEADER];
  const name = caller.via === 'socket' ? `uid ${process.geteuid?.() ?? 0}` : caller.name;
  return caller.via === 'socket' && typeof claim === 'string' ? `${name} ${printable(claim, 100)}` : name;
}

function inputOf({ body, routeOptions }: FastifyRequest): string | null {
  if (routeOptions.config.secret || body === undefined || body === null) return null;
  if (typeof body === 'object' && 'pipe' in body) return null;
  if (Array.isArray(body) && body.length > 5) return `${body.length} entries`;
  return printable(
    JSON.stringify(body, (key, value) => (UNWRITTEN.test(key) ? 'hidden' : value)),
    MAX_INPUT,
  );
}

/** Control characters must not reach a terminal or forge a line. */
function printable(text: string, most: number): string {
  const short = text.length <= most ? text : `${text.slice(0, most)}...`;
  return short.replace(CONTROL, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
