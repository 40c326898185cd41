import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ERRORS, type ErrorBody, NetxfwError } from '../model/errors.ts';
import { describeIssues, type ValidationIssue } from './validation.ts';

/** The one error handler: whatever was thrown leaves as an ErrorBody, and nothing of our insides leaves. */
export function handleError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = toNetxfwError(thrown, request);
  if (error.code === 'INTERNAL') request.log.error({ err: thrown, url: request.url }, 'request failed');
  request.failure = error.code;
  return sendError(reply, error);
}

export function answerUnknownPath(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url.split('?', 1)[0]!.slice(0, 200);
  return sendError(reply, new NetxfwError('NOT_FOUND', `there is no ${request.method} ${path}`));
}

export function sendError(reply: FastifyReply, error: NetxfwError): FastifyReply {
  if (error.code === 'UNAUTHORIZED') reply.header('www-authenticate', 'Bearer realm="netxfw"');
  const wait = (error.details as { retryAfter?: number } | undefined)?.retryAfter;
  if (wait !== undefined) reply.header('retry-after', wait);
  // The rest of a body that nobody will read is not waited for.
  if (error.code === 'PAYLOAD_TOO_LARGE') reply.header('connection', 'close');
  return reply
    .status(error.status)
    .type('application/json; charset=utf-8')
    .serializer((body: unknown) => JSON.stringify(body))
    .send(publicBody(error));
}

/** The error as a stranger may see it: an unexpected one keeps its message for the log. */
export function publicBody(error: NetxfwError): ErrorBody {
  if (error.code !== 'INTERNAL') return error.toBody();
  return {
    code: 'INTERNAL',
    message: 'something went wrong inside netxfw',
    hint: 'The log of the daemon has the details (journalctl -u netxfw); please report them.',
  };
}

export function toNetxfwError(thrown: unknown, request: FastifyRequest): NetxfwError {
  if (thrown instanceof NetxfwError) return thrown;
  const error = (thrown ?? {}) as Partial<FastifyError>;
  if (Array.isArray(error.validation)) {
    const part = error.validationContext ?? 'body';
    const value = part === 'querystring' ? request.query : part === 'params' ? request.params : request.body;
    const issues = describeIssues(error.validation as unknown as ValidationIssue[], part, value);
    return new NetxfwError('INVALID_INPUT', issues[0]!.message, { details: { issues } });
  }
  const status = error.statusCode ?? 500;
  if (status === 413) return new NetxfwError('PAYLOAD_TOO_LARGE', 'the body of the request is too large');
  if (status === 503) return new NetxfwError('DAEMON_UNREACHABLE', 'the daemon is stopping');
  // Fastify's own refusals (bad JSON, media type, URL) are made for the sender; everything else is ours to hide.
  if (status >= 400 && status < 500 && error.code?.startsWith('FST_')) {
    return new NetxfwError('INVALID_INPUT', `the request cannot be read: ${error.message}`);
  }
  return NetxfwError.from(thrown);
}

const BROKEN: Record<string, readonly [string, ErrorBody]> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    { code: 'PAYLOAD_TOO_LARGE', message: 'the head of the request is too large', hint: 'Send shorter headers.' },
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [
    '408 Request Timeout',
    { code: 'INVALID_INPUT', message: 'the request did not arrive in time', hint: 'Send it again.' },
  ],
};

const NOT_HTTP: readonly [string, ErrorBody] = [
  '400 Bad Request',
  { code: 'INVALID_INPUT', message: 'this is not an HTTP request', hint: ERRORS.INVALID_INPUT.hint },
];

/** Answers bytes that are no request at all, and hangs up. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const [status, body] = BROKEN[error.code ?? ''] ?? NOT_HTTP;
  const text = JSON.stringify(body);
  if (socket.writable) {
    const head = [
      `HTTP/1.1 ${status}`,
      `content-length: ${Buffer.byteLength(text)}`,
      'content-type: application/json; charset=utf-8',
      'connection: close',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${text}`);
  }
  socket.destroySoon();
}
