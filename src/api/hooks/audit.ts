import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AuditEntry } from '../../model/audit.ts';
import { auditInput, printable } from '../../model/audit-input.ts';
import { ORIGIN_HEADER } from '../../model/change-headers.ts';
import type { ErrorCode } from '../../model/errors.ts';
import { isReading } from './auth.ts';

export type TellAudit = (entry: AuditEntry) => void;

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

const MAX_TARGET = 300;

/** Tells of every change when it is done, and of every caller that was refused. */
export function auditChanges(app: FastifyInstance, tell: TellAudit): void {
  app.addHook('onResponse', async (request, reply) => {
    const refused = request.failure === 'UNAUTHORIZED' || request.failure === 'FORBIDDEN';
    if (isReading(request) && !refused) return;
    if (request.method === 'OPTIONS' || (isPreview(request) && !refused)) return;
    const { caller, failure, socket } = request;
    tell({
      who: whoIs(request),
      via: caller?.via ?? 'none',
      from: socket.remoteAddress === undefined ? null : `${socket.remoteAddress} port ${socket.remotePort}`,
      route: `${request.method} ${request.routeOptions.url ?? '(unknown)'}`,
      target: printable(request.url, MAX_TARGET),
      input: inputOf(request),
      outcome: failure ?? (reply.statusCode < 400 ? 'ok' : 'INVALID_INPUT'),
      milliseconds: Math.round(reply.elapsedTime),
    });
  });
}

const isPreview = ({ query }: FastifyRequest): boolean =>
  (query as { readonly preview?: unknown } | null)?.preview === true;

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
  return auditInput(body);
}
