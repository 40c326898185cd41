import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { crowdsecSchema } from '../../model/config-crowdsec.ts';
import { createMock, type MockNetxfw } from '../../sdk/mock.ts';
import { ProtectedAddresses } from '../protected.ts';
import { Bouncer } from './index.ts';

let netxfw: MockNetxfw;
let server: Server;
let health: readonly [boolean, string];
let request: IncomingMessage;
let answer: (response: ServerResponse) => void;

const decision = {
  id: 1,
  origin: 'cscli',
  scope: 'Ip',
  type: 'ban',
  value: '192.0.2.1',
  duration: '4h',
  scenario: 's',
};
const decided = (response: ServerResponse) => response.end(JSON.stringify({ new: [decision], deleted: null }));

beforeEach(async () => {
  netxfw = await createMock();
  server = createServer((asking, response) => {
    request = asking;
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.close();
  server.closeAllConnections();
  await netxfw.close();
});

function bouncer(credentials = ''): Bouncer {
  const { port } = server.address() as AddressInfo;
  const config = crowdsecSchema.parse({ api_key: 'key', url: `http://${credentials}127.0.0.1:${port}` });
  const say = () => {};
  const context = {
    sdk: netxfw,
    log: { debug: say, info: say, warn: say, error: say },
    signal: new AbortController().signal,
    health: (...said: [boolean, string]) => {
      health = said;
    },
  };
  const nobody = () => [];
  return new Bouncer(config, context, new ProtectedAddresses({ own: nobody, gateways: nobody, nameServers: nobody }));
}

const denied = async () => (await netxfw.rules.list({ list: 'deny' })).rules.map(({ prefix }) => prefix);

describe('a bouncer', () => {
  it('takes no more than an answer may have, and keeps what it knew', async () => {
    const one = bouncer();
    answer = decided;
    await one.pull();
    expect(await denied()).toEqual(['192.0.2.1']);
    let sent = 0;
    answer = (response) => {
      const megabyte = ' '.repeat(2 ** 20);
      const more = () => {
        while (!response.destroyed && response.write(megabyte)) sent++;
        sent++;
      };
      response.on('drain', more);
      more();
    };
    await one.pull();
    expect(health).toEqual([false, expect.stringMatching(/more than 128 MiB; blocks stay/)]);
    expect(sent).toBeLessThan(200);
    expect(await denied()).toEqual(['192.0.2.1']);
  });

  it('sends the credentials of its address as a header, and tells nobody', async () => {
    const one = bouncer('user:p%40ss@');
    answer = decided;
    await one.pull();
    expect(health).toEqual([true, '1 decisions']);
    expect(request.headers.authorization).toBe(`Basic ${Buffer.from('user:p@ss').toString('base64')}`);
    const bad: ((response: ServerResponse) => void)[] = [
      (response) => response.writeHead(403).end(),
      (response) => response.writeHead(500).end(),
      (response) => response.end('<html>'),
      (response) => response.destroy(),
      (response) => response.writeHead(302, { location: 'http://192.0.2.9/' }).end(),
    ];
    for (answer of bad) {
      await one.pull();
      expect(health).toEqual([false, expect.stringContaining('http://hidden:hidden@127.0.0.1')]);
    }
  });
});
