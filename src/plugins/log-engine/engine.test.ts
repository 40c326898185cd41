import { appendFileSync, chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../test/support/plugin-programs.ts';
import { logRuleSchema } from '../../model/config-log.ts';
import { parsePrefix } from '../../model/prefixes.ts';
import { createMock, type MockNetxfw } from '../../sdk/mock.ts';
import type { Netxfw } from '../../sdk/types.ts';
import { gateways4, gateways6, ProtectedAddresses } from '../protected.ts';
import { LogEngine } from './engine.ts';

let directory: string;
let log: string;
let netxfw: MockNetxfw;
let engine: LogEngine | undefined;
let health: [ok: boolean, message: string];
const values = new Map<string, unknown>();

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'nxt-log-'));
  log = join(directory, 'auth.log');
  writeFileSync(log, '');
  netxfw = await createMock({ whitelist: ['198.51.100.0/24'] });
  values.clear();
});
afterEach(async () => {
  await engine?.stop();
  engine = undefined;
  await netxfw.close();
  rmSync(directory, { recursive: true });
});

const protect = new ProtectedAddresses({
  own: () => ['203.0.113.1', '2001:db8:0:1::1%eth0'],
  gateways: () => ['203.0.113.254'],
  nameServers: () => ['9.9.9.9'],
});

async function start(rule: object, sdk: Netxfw = netxfw, journalctl?: string): Promise<LogEngine> {
  const keyValue = {
    get: async <T>(key: string) => values.get(key) as T | undefined,
    set: async (key: string, value: unknown) => void values.set(key, value),
    delete: async (key: string) => values.delete(key),
    keys: async () => [...values.keys()],
  };
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  engine = await LogEngine.start({
    rules: [logRuleSchema.parse({ id: 'r', path: log, contains: ['bad'], ...rule })],
    context: {
      sdk,
      store: { ...keyValue, shared: keyValue },
      log: quiet,
      health: (...said) => {
        health = said;
      },
    },
    protect,
    ...(journalctl === undefined ? {} : { journalctl }),
  });
  return engine;
}

/** Writes lines and waits until they are judged and acted on. */
async function say(...lines: string[]): Promise<void> {
  const before = engine!.lines;
  appendFileSync(log, lines.map((line) => `${line}\n`).join(''));
  await eventually('the lines are read', () => engine!.lines >= before + lines.length);
  await eventually('they are acted on', () => engine!.idle());
}

const dynamic = async () => (await netxfw.dynamic.list()).map(({ prefix, reason }) => `${prefix} ${reason}`);

describe('the log engine', () => {
  it('blocks for a while whoever reaches the threshold', async () => {
    await start({ action: 'dynblack:1h', threshold: 3 });
    await say('bad 192.0.2.1', 'bad 192.0.2.2', 'good 192.0.2.1', 'bad 192.0.2.1');
    expect(await dynamic()).toEqual([]);
    await say('bad 192.0.2.1');
    expect(await dynamic()).toEqual(['192.0.2.1 log r']);
    const [rule] = await netxfw.dynamic.list();
    const life = Date.parse(rule!.expiresAt!) - Date.parse(rule!.blockedAt);
    expect(Math.round(life / 1000)).toBe(3600);
  });

  it('denies as a source of its own, with and without an end', async () => {
    await start({ action: 'deny:1d' });
    await say('bad 192.0.2.1', 'bad 2001:db8:7::1');
    const { rules } = await netxfw.rules.list({ list: 'deny' });
    expect(rules.map(({ prefix, source }) => `${prefix} ${source}`)).toEqual([
      '192.0.2.1 log:r',
      '2001:db8:7::/64 log:r',
    ]);
    expect(rules[0]!.expiresAt).not.toBeNull();
  });

  it('only reports with the action log', async () => {
    await start({ action: 'log' });
    await say('bad 192.0.2.1');
    expect([await dynamic(), await netxfw.rules.counts()]).toEqual([[], { allow: 1, deny: 0 }]);
    expect(engine!.figures()).toMatchObject({ lines: 1, blocked: 0, rules: [{ id: 'r', matches: 1 }] });
  });

  it('never blocks the whitelisted, itself, its gateway, its name servers, or what is no host', async () => {
    await start({ action: 'dynblack' });
    await say('bad 198.51.100.8');
    expect([await dynamic(), engine!.figures().spared]).toEqual([[], 1]);
    const friends = [
      '198.51.100.7',
      '203.0.113.1',
      '203.0.113.254',
      '9.9.9.9',
      '127.0.0.1',
      '::1',
      '0.0.0.0',
      '224.0.0.1',
    ];
    await say(...friends.map((address) => `bad ${address}`), 'bad gateway.example.com', 'bad');
    expect(await dynamic()).toEqual([]);
    expect(engine!.figures()).toMatchObject({ spared: 1 + friends.length, rules: [{ withoutAddress: 2 }] });
    await say('bad 192.0.2.1');
    expect(await dynamic()).toEqual(['192.0.2.1 log r']);
  });

  it('blocks a single IPv6 host where its network is ours too', async () => {
    await start({ action: 'dynblack' });
    await say('bad 2001:db8:0:1::66', 'bad 2001:db8:0:1::1', 'bad 2001:db8:0:2::66');
    expect((await dynamic()).sort()).toEqual(['2001:db8:0:1::66 log r', '2001:db8:0:2::/64 log r']);
  });

  it('denies many at once, and the others when one of them is refused', async () => {
    const changes: number[] = [];
    const updateSource: Netxfw['rules']['updateSource'] = async (update, options) => {
      changes.push(update.add?.length ?? 0);
      if (update.add?.some(({ prefix }) => prefix === '192.0.2.13')) throw new Error('not this one');
      return await netxfw.rules.updateSource(update, options);
    };
    await start({ action: 'deny' }, { ...netxfw, rules: { ...netxfw.rules, updateSource } });
    const hosts = Array.from({ length: 500 }, (_, i) => `bad 198.18.${i >> 8}.${i & 255}`);
    await say(...hosts);
    expect(changes.reduce((sum, size) => sum + size)).toBe(500);
    expect(changes.length).toBeLessThan(10);
    await say('bad 192.0.2.12', 'bad 192.0.2.13', 'bad 192.0.2.14');
    expect((await netxfw.rules.counts()).deny).toBe(502);
    expect(engine!.figures()).toMatchObject({ blocked: 502, lost: 1 });
    expect(health).toEqual([false, expect.stringContaining('192.0.2.13 was not blocked: not this one')]);
  });

  it('does not block whom it cannot look up, and says so', async () => {
    const rules = { ...netxfw.rules, match: () => Promise.reject(new Error('no answer')) };
    await start({ action: 'dynblack' }, { ...netxfw, rules });
    await say('bad 192.0.2.1');
    expect(await dynamic()).toEqual([]);
    expect(health).toEqual([false, expect.stringContaining('192.0.2.1 was not blocked: no answer')]);
  });

  it('goes on after a restart without losing or repeating a line', async () => {
    await start({ action: 'dynblack', threshold: 2 });
    await say('bad 192.0.2.1', 'bad 192.0.2.2');
    await engine!.stop();
    appendFileSync(log, 'bad 192.0.2.3\nbad 192.0.2.3\n');
    await start({ action: 'dynblack', threshold: 2 });
    await eventually('the lines are read', () => engine!.lines >= 2);
    await eventually('the block', async () => (await dynamic()).length > 0);
    expect([await dynamic(), engine!.lines]).toEqual([['192.0.2.3 log r'], 2]);
  });

  it('refuses a rule that means nothing', async () => {
    await expect(start({ regex: '(' })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});

describe('the journal', () => {
  /** A journalctl that writes what it was called with, then the entries, and ends. */
  function journalctl(...entries: object[]): string {
    const file = join(directory, 'journalctl');
    const lines = entries.map((entry) => `echo '${JSON.stringify(entry)}'`).join('\n');
    writeFileSync(file, `#!/bin/sh\necho "$@" >>${join(directory, 'calls')}\n${lines}\necho gone >&2\n`);
    chmodSync(file, 0o755);
    return file;
  }
  const calls = async () => (await import('node:fs')).readFileSync(join(directory, 'calls'), 'utf8').trim().split('\n');

  it('is read as syslog would have written it, and again after journalctl ended, from its cursor', async () => {
    const command = journalctl(
      { __CURSOR: 'c1', SYSLOG_IDENTIFIER: 'sshd', _PID: '7', MESSAGE: 'bad 192.0.2.1' },
      {
        __CURSOR: 'c2',
        SYSLOG_IDENTIFIER: 'sshd',
        _PID: '8',
        MESSAGE: [...Buffer.from('bad \xff 192.0.2.2', 'latin1')],
      },
    );
    const rule = { path: 'journald:ssh', action: 'dynblack', contains: ['sshd[', 'bad'] };
    await start(rule, netxfw, command);
    await eventually('both are blocked', async () => (await dynamic()).length === 2);
    await eventually('it is called again', async () => (await calls()).length >= 2);
    const [first, second] = await calls();
    expect(first).toBe('--follow --output=json --unit=ssh --quiet --lines=0');
    expect(second).toBe('--follow --output=json --unit=ssh --quiet --after-cursor=c2');
    await eventually('the end of journalctl is told', () => health[0] === false && health[1].includes('gone'));
    await engine!.stop();
    expect(values.get('positions')).toMatchObject({ journals: { ssh: 'c2' } });
  });

  it('is reported when there is no journalctl', async () => {
    await start({ path: 'journald:ssh' }, netxfw, join(directory, 'missing'));
    await eventually('it is told', () => health[0] === false && health[1].includes('ENOENT'));
  });
});

describe('the tables of the kernel', () => {
  it('give the gateways', () => {
    const four = 'Iface\tDestination\tGateway\tFlags\neth0\t00000000\tFE7100CB\t0003\neth0\t007100CB\t00000000\t0001\n';
    expect(gateways4(four)).toEqual(['203.0.113.254']);
    const zero = '0'.repeat(32);
    const six = [
      `${zero} 00 ${zero} 00 20010db8000000000000000000000001 00000400 00000001 00000000 00000003 eth0`,
      `20010db8000000000000000000000000 40 ${zero} 00 ${zero} 00000100 00000001 00000000 00000001 eth0`,
    ];
    expect(gateways6(six.join('\n'))).toEqual(['2001:db8::1']);
  });

  it('are read from this machine without a failure', () => {
    // At least the loopback interface is there.
    expect(new ProtectedAddresses().inside(parsePrefix('127.0.0.0/8').prefix)).toBe(true);
  });
});
