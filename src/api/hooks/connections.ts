import type { Server } from 'node:net';
import { isLoopback, networkOf } from './peer.ts';

/** Hangs up on a peer that has too many connections open, so that nobody else is kept out by it. */
export function limitConnections(server: Server, most: number): void {
  const open = new Map<string, number>();
  server.prependListener('connection', (socket) => {
    const address = socket.remoteAddress;
    if (address === undefined || isLoopback(address)) return;
    const peer = networkOf(address);
    const count = (open.get(peer) ?? 0) + 1;
    if (count > most) {
      socket.destroy();
      return;
    }
    open.set(peer, count);
    socket.once('close', () => {
      const left = open.get(peer)! - 1;
      if (left === 0) open.delete(peer);
      else open.set(peer, left);
    });
  });
}
