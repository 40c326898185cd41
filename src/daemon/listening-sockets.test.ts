import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { expect, it } from 'vitest';
import { listeningSockets } from './listening-sockets.ts';

async function listening(host: string): Promise<Server> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  return server;
}

const portOf = (server: Server): number => (server.address() as { port: number }).port;

it('finds sockets that wait for others, with address and process', async () => {
  const [four, six] = [await listening('127.0.0.1'), await listening('::1')];
  const udp = createSocket('udp4').bind(0, '127.0.0.1');
  await once(udp, 'listening');
  try {
    const found = listeningSockets();
    const process = expect.stringMatching(/node/);
    expect(found).toContainEqual({ port: portOf(four), protocol: 'tcp', address: '127.0.0.1', process });
    expect(found).toContainEqual({ port: portOf(six), protocol: 'tcp', address: '::1', process });
    expect(found).toContainEqual({ port: udp.address().port, protocol: 'udp', address: '127.0.0.1', process });
  } finally {
    four.close();
    six.close();
    udp.close();
  }
});

it('leaves out sockets that talk to somebody', async () => {
  const udp = createSocket('udp4').bind(0, '127.0.0.1');
  await once(udp, 'listening');
  udp.connect(9, '127.0.0.1');
  await once(udp, 'connect');
  try {
    expect(listeningSockets().filter(({ port }) => port === udp.address().port)).toEqual([]);
  } finally {
    udp.close();
  }
});

it('is empty where there is no /proc', () => {
  expect(listeningSockets('/nonexistent')).toEqual([]);
});
