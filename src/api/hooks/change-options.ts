import type { FastifyRequest } from 'fastify';
import { fromChangeHeaders } from '../../model/change-headers.ts';
import type { ChangeOptions } from '../../model/operations.ts';
import { isLoopback, withoutZone } from './peer.ts';

/** What the headers say, and what only the server knows: from where the request came, and whose token it carries. */
export function changeOptions(request: FastifyRequest): ChangeOptions {
  const { protect = [], origin, ...rest } = fromChangeHeaders(request.headers);
  const { caller, socket } = request;
  const peer = socket.remoteAddress;
  const own = peer === undefined || isLoopback(peer) ? [] : [withoutZone(peer).replace(/^::ffff:/, '')];
  const all = [...protect, ...own];
  const who = caller === null || caller.via === 'socket' ? (origin ?? 'local') : `api:${caller.name}`;
  return { ...rest, ...(all.length > 0 ? { protect: all } : {}), origin: who };
}
