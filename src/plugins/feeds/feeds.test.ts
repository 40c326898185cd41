import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../test/support/plugin-programs.ts';
import { feedsSchema } from '../../model/config-feeds.ts';
import { createMock, type MockNetxfw } from '../../sdk/mock.ts';
import type { PluginContext } from '../define.ts';
import { ProtectedAddresses } from '../protected.ts';
import { Feeds } from './index.ts';

let directory: string;
let netxfw: MockNetxfw;
let feeds: Feeds | undefined;
let server: Server | undefined;
let health: readonly [boolean, string];
let lines: string[];
const values = new Map<string, unknown>();
const protect = new ProtectedAddresses({
  own: () => ['203.0.113.1'],
  gateways: () => ['203.0.113.254'],
  nameServers: () => ['9.9.9.9', '2001:db8::53'],
});

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'nxt-feeds-'));
  netxfw = await createMock();
  values.clear();
  lines = [];
});
afterEach(async () => {
  await feeds?.stop();
  feeds = undefined;
  server?.close();
  server?.closeAllConnections();
  await netxfw.close();
  rmSync(directory, { recursive: true });
});

const file = (name = 'list.txt') => join(directory, name);

async function start(lists: readonly object[], countries: object = {}): Promise<Feeds> {
  await feeds?.stop();
  const keyValue = {
    get: async <T>(key: string) => values.get(key) as T | undefined,
    set: async (key: string, value: unknown) => void values.set(key, structuredClone(value)),
    delete: async (key: string) => values.delete(key),
    keys: async () => [...values.keys()],
  };
  const say = (message: string) => void lines.push(message);
  const ended = new AbortController();
  const context: PluginContext<unknown> = {
    sdk: netxfw,
    events: { on: () => () => {} },
    store: { ...keyValue, shared: keyValue },
    log: { debug: say, info: say, warn: say, error: say },
    config: {},
    signal: ended.signal,
    health: (...said) => {
      health = said;
    },
  };
  const config = feedsSchema.parse({ lists, countries });
  const made = new Feeds(config, join(directory, 'feeds'), context, protect);
  const { stop } = made;
  made.stop = async () => {
    ended.abort();
    await stop.call(made);
  };
  feeds = made;
  await made.start();
  return made;
}

/** Starts with one feed from a file and waits until it was looked at. */
async function follow(more: object = {}): Promise<Feeds> {
  const made = await start([{ name: 'a', from: file(), ...more }]);
  await made.refresh('a', false);
  return made;
}

const prefixes = async (list: 'deny' | 'allow' = 'deny') =>
  (await netxfw.rules.list({ list, limit: 1000 })).rules.map(({ prefix }) => prefix).sort();

describe('a feed', () => {
  it('has the firewall hold exactly what the list holds, and is refreshed', async () => {
    writeFileSync(file(), '192.0.2.1\n192.0.2.2\n2001:db8:1::/48\n');
    const made = await follow({ max_shrink: 100 });
    expect(await prefixes()).toEqual(['192.0.2.1', '192.0.2.2', '2001:db8:1::/48']);
    writeFileSync(file(), '192.0.2.2\n192.0.2.3\n');
    expect(await made.refresh('a', false)).toMatchObject([{ changed: true, entries: 2, added: 1, removed: 2 }]);
    expect(await prefixes()).toEqual(['192.0.2.2', '192.0.2.3']);
    expect(await made.refresh('a', false)).toMatchObject([{ changed: false, message: 'not changed' }]);
    expect(made.status()).toMatchObject([{ name: 'a', entries: 2, ok: true, checkedAt: expect.any(String) }]);
    expect(health).toEqual([true, '1 lists with 2 entries']);
  });

  it('is refreshed by itself when it is due', async () => {
    writeFileSync(file(), '192.0.2.1\n');
    await start([{ name: 'a', from: file(), refresh: '1s' }]);
    await eventually('the first look', async () => (await prefixes()).length === 1);
    writeFileSync(file(), '192.0.2.1\n192.0.2.2\n');
    await eventually('the second look', async () => (await prefixes()).length === 2);
  });

  it('may allow, and may have an end', async () => {
    writeFileSync(file(), '192.0.2.1\n');
    await follow({ action: 'allow', ttl: '1h' });
    const [rule] = (await netxfw.rules.list({ list: 'allow' })).rules;
    expect(rule).toMatchObject({ prefix: '192.0.2.1', source: 'feed:a', reason: 'feed a' });
    expect(Date.parse(rule!.expiresAt!) - Date.now()).toBeGreaterThan(3_500_000);
    await follow({ action: 'deny' });
    expect([await prefixes('allow'), await prefixes('deny')]).toEqual([[], ['192.0.2.1']]);
  });

  it('never takes what is too wide, private, or needed by this host, and says so', async () => {
    const bad = [
      '0.0.0.0/0',
      '::/0',
      '1.0.0.0/4',
      '10.0.0.0/8',
      '192.168.1.1',
      '127.0.0.1',
      'fe80::1',
      '203.0.113.254',
    ];
    writeFileSync(file(), [...bad, '203.0.113.0/24', '9.9.9.9', '2001:db8::/32', '192.0.2.1'].join('\n'));
    const made = await follow();
    expect(await prefixes()).toEqual(['192.0.2.1']);
    expect(made.status()[0]!.message).toBe('8 private or needed by this host left out; 3 too wide left out');
    await follow({ keep_private: true });
    expect(await prefixes()).toEqual(['10.0.0.0/8', '127.0.0.1', '192.0.2.1', '192.168.1.1', 'fe80::1']);
  });

  it('keeps the last good copy when the new one is no list, is gone, or has shrunk a lot', async () => {
    const good = Array.from({ length: 10 }, (_, i) => `192.0.2.${i}`);
    writeFileSync(file(), good.join('\n'));
    const made = await follow();
    const bad: readonly [content: string | null, why: RegExp][] = [
      ['<html><body>Service unavailable</body></html>\n', /no addresses/],
      ['', /shrunk from 10 to 0/],
      ['192.0.2.1\n192.0.2.2\n', /shrunk from 10 to 2/],
      [null, /there is no file/],
    ];
    for (const [content, why] of bad) {
      if (content === null) rmSync(file());
      else writeFileSync(file(), content);
      expect(await made.refresh('a', false)).toMatchObject([{ error: expect.stringMatching(why) }]);
      expect(await prefixes()).toEqual(good);
      expect(made.status()[0]).toMatchObject({ ok: false, entries: 10 });
      expect(health).toEqual([false, expect.stringMatching(why)]);
    }
    writeFileSync(file(), '192.0.2.1\n');
    expect(await made.refresh('a', true)).toMatchObject([{ removed: 9 }]);
    expect(health[0]).toBe(true);
  });

  it('refuses a list of more entries than it may have', async () => {
    writeFileSync(file(), '192.0.2.1\n192.0.2.2\n192.0.2.3\n');
    const made = await follow({ max_entries: 2 });
    expect(made.status()[0]!.message).toContain('more than 2 entries');
    expect(await prefixes()).toEqual([]);
  });

  it('with a damaged copy stays in force as it is, and is fetched anew', async () => {
    const copy = join(directory, 'feeds/a.list');
    for (const damaged of ['', '# sha256', (text: string) => text.replace('192.0.2.1\n', '192.0.2.1/1\n')]) {
      writeFileSync(file(), '192.0.2.1\n192.0.2.2\n');
      await follow({ refresh: '1h' });
      await feeds!.stop();
      const good = readFileSync(copy, 'utf8');
      writeFileSync(copy, typeof damaged === 'string' ? damaged : damaged(good));
      lines.length = 0;
      await start([{ name: 'a', from: file(), refresh: '1h' }]);
      expect(lines).toContainEqual(expect.stringMatching(/feeds\/a\.list was damaged and is now .*\.damaged-/));
      expect(await prefixes()).toEqual(['192.0.2.1', '192.0.2.2']);
      await eventually('the list to be fetched anew', async () => existsSync(copy));
      expect(readFileSync(copy, 'utf8')).toBe(good);
    }
  });

  it('is in force again after a restart without its list', async () => {
    writeFileSync(file(), '192.0.2.1\n192.0.2.2\n');
    await follow();
    await feeds!.stop();
    rmSync(file());
    await netxfw.rules.remove('192.0.2.1');
    await start([{ name: 'a', from: file() }]);
    expect(await prefixes()).toEqual(['192.0.2.1', '192.0.2.2']);
    expect(readFileSync(join(directory, 'feeds/a.list'), 'utf8')).toMatch(
      /^# sha256 [0-9a-f]{64}\n192\.0\.2\.1\n192\.0\.2\.2\n$/,
    );
  });

  it('goes with everything that only it wanted, once it is not configured any more', async () => {
    writeFileSync(file(), '192.0.2.1\n192.0.2.2\n');
    await netxfw.rules.add({ list: 'deny', prefix: '192.0.2.1' });
    await follow();
    await start([]);
    expect(await prefixes()).toEqual(['192.0.2.1']);
    expect(lines.join('\n')).toContain('feed:a is not configured any more');
  });

  it('shares entries with others, and says which', async () => {
    writeFileSync(file('one'), '192.0.2.1\n192.0.2.2\n198.51.100.7\n2001:db8:1::1\n');
    writeFileSync(file('two'), '192.0.2.2\n198.51.100.0/24\n2001:db8:1::/48\n192.0.2.9\n');
    const made = await start([
      { name: 'one', from: file('one') },
      { name: 'two', from: file('two') },
    ]);
    await made.refresh(null, false);
    expect(made.overlap()).toEqual([
      { name: 'one', entries: 4, unique: 1, covered: { two: 3 } },
      { name: 'two', entries: 4, unique: 3, covered: { one: 1 } },
    ]);
    await start([{ name: 'two', from: file('two') }]);
    expect(await prefixes()).toContain('192.0.2.2');
    expect(await prefixes()).not.toContain('192.0.2.1');
  });

  it('has a name that no other has', async () => {
    const twice = [
      { name: 'a', from: '/a' },
      { name: 'a', from: '/b' },
    ];
    await expect(start(twice)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await expect((await start([])).refresh).toBeInstanceOf(Function);
    expect(() => feeds!.refresh('b', false)).toThrow(/no feed b/);
  });
});

describe('a feed from the web', () => {
  const requests: IncomingMessage['headers'][] = [];
  let answer: (response: ServerResponse) => void;

  async function serve(): Promise<string> {
    requests.length = 0;
    server = createServer((request, response) => {
      requests.push(request.headers);
      answer(response);
    });
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/list`;
  }

  it('is fetched again only when it changed', async () => {
    const from = await serve();
    answer = (response) => response.writeHead(200, { etag: '"v1"' }).end('192.0.2.1\n');
    const made = await start([{ name: 'a', from }]);
    await eventually('the list', async () => (await prefixes()).length === 1);
    answer = (response) => response.writeHead(304).end();
    expect(await made.refresh('a', false)).toMatchObject([{ message: 'not changed' }]);
    expect(requests.at(-1)).toMatchObject({ 'if-none-match': '"v1"' });
    answer = (response) =>
      response
        .writeHead(200, { 'last-modified': 'Wed, 25 Nov 2026 02:00:00 GMT' })
        .end(gzipSync('192.0.2.1\n192.0.2.2\n'));
    expect(await made.refresh('a', false)).toMatchObject([{ added: 1 }]);
    await made.refresh('a', false);
    expect(requests.at(-1)).toMatchObject({ 'if-modified-since': 'Wed, 25 Nov 2026 02:00:00 GMT' });
  });

  it('may need a user and a password, which nobody is told', async () => {
    const from = (await serve()).replace('//', '//user:p%40ss@');
    answer = (response) => response.end('192.0.2.1\n');
    const made = await start([{ name: 'a', from }]);
    expect(await made.refresh('a', true)).toMatchObject([{ entries: 1 }]);
    expect(requests.at(-1)!.authorization).toBe(`Basic ${Buffer.from('user:p@ss').toString('base64')}`);
    answer = (response) => response.destroy();
    expect(await made.refresh('a', false)).toMatchObject([{ error: expect.stringContaining('//hidden:hidden@') }]);
    expect(JSON.stringify([made.status(), lines, health])).not.toMatch(/p@ss|p%40ss/);
  });

  it('stays as it was when the server fails, and says how', async () => {
    const from = await serve();
    answer = (response) => response.end('192.0.2.1\n');
    const made = await start([{ name: 'a', from }]);
    await eventually('the list', async () => (await prefixes()).length === 1);
    answer = (response) => response.writeHead(503, 'Busy').end('192.0.2.2');
    expect(await made.refresh('a', false)).toMatchObject([{ error: `${from} answers 503 Busy` }]);
    answer = (response) => response.destroy();
    expect(await made.refresh('a', false)).toMatchObject([{ error: expect.stringContaining(from) }]);
    answer = (response) =>
      response.writeHead(200, { 'content-length': '1000' }).end('192.0.2.3\n', () => response.destroy());
    expect(await made.refresh('a', false)).toMatchObject([{ error: expect.stringContaining(from) }]);
    expect(await prefixes()).toEqual(['192.0.2.1']);
    server!.close();
    server!.closeAllConnections();
    expect(await made.refresh('a', false)).toMatchObject([{ error: expect.stringContaining('ECONNREFUSED') }]);
  });
});

describe('countries', () => {
  it('are denied and allowed by code, from files of either form', async () => {
    writeFileSync(file('v4.csv'), 'country,cidr\naa,192.0.2.0/24\nbb,198.51.100.0/24\naa,203.0.113.0/24\n');
    writeFileSync(file('ranges.csv'), '2001:db8:7::,2001:db8:7:ffff:ffff:ffff:ffff:ffff,AA\n');
    const data = [file('v4.csv'), file('ranges.csv')];
    const made = await start([], { deny: ['AA'], allow: ['bb'], data });
    // 203.0.113.0/24 holds this host's own address.
    expect(await prefixes('deny')).toEqual(['192.0.2.0/24', '2001:db8:7::/48']);
    expect(await prefixes('allow')).toEqual(['198.51.100.0/24']);
    expect(made.status()).toMatchObject([
      { name: 'country aa', entries: 2 },
      { name: 'country bb', entries: 1 },
    ]);
    await start([], { deny: ['bb'], data });
    expect([await prefixes('deny'), await prefixes('allow')]).toEqual([['198.51.100.0/24'], []]);
    await expect(start([], { deny: ['zz'], data })).rejects.toThrow(/no country with the code zz/);
    expect(existsSync(join(directory, 'feeds'))).toBe(true);
  });

  it('come with netxfw', async () => {
    await start([], { deny: ['li'] });
    const { total } = await netxfw.rules.list({ list: 'deny', limit: 1 });
    expect(total).toBeGreaterThan(50);
    // A network of Liechtenstein's telephone company since 1996.
    expect((await netxfw.rules.match('80.66.224.1'))[0]?.rule.source).toBe('country:li');
  });
});
