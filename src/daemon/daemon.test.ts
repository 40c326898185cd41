import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryFilter } from '../../test/support/memory-filter.ts';
import { createRemote } from '../sdk/remote.ts';
import { openInProcess } from './compose.ts';
import { type DaemonOptions, type DaemonReport, daemon } from './daemon.ts';
import { load, unload } from './load.ts';
import { lockHolder } from './lock.ts';

let directory: string;
let config: string;
let driver: MemoryFilter;
const running: { stop(): Promise<void> }[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'nxt-daemon-'));
  driver = new MemoryFilter();
  config = configure('a');
});

afterEach(async () => {
  for (const { stop } of running.splice(0)) await stop();
  rmSync(directory, { recursive: true, force: true });
});

/** Any free ports: tests run side by side. */
const LISTEN_ANYWHERE = 'api: { port: 0 }\nweb: { port: 0 }\nmetrics: { port: 0 }\n';

/** Writes a config of its own for an instance. @returns its path */
function configure(name: string, more = ''): string {
  const file = join(directory, `${name}.yaml`);
  const at = (part: string) => join(directory, name, part);
  writeFileSync(
    file,
    `base:\n  interfaces: [eth0]\n  bpf_pin_path: ${at('pins')}\npaths:\n  state_dir: ${at('state')}\n  run_dir: ${at('run')}\nlogging:\n  path: ${at('log')}\n${LISTEN_ANYWHERE}${more}`,
  );
  return file;
}

const pathOf = (part: string, name = 'a') => join(directory, name, part);
const socketOf = (name = 'a') => pathOf('run/netxfw.sock', name);

async function start(options: DaemonOptions = {}): Promise<{ report: DaemonReport; stop(): Promise<void> }> {
  const control = new AbortController();
  let onReady = (_: DaemonReport) => {};
  const ready = new Promise<DaemonReport>((resolve) => {
    onReady = resolve;
  });
  const ended = daemon({ config, driver, onReady, signal: control.signal, ...options });
  const stop = () => {
    control.abort();
    return ended;
  };
  const report = await Promise.race([ready, ended.then(() => expect.fail('the daemon ended'))]);
  const handle = { report, stop };
  running.push(handle);
  return handle;
}

async function denied(name = 'a'): Promise<readonly string[]> {
  await using sdk = createRemote({ socket: socketOf(name) });
  return (await sdk.rules.list({ list: 'deny', sort: 'prefix' })).rules.map(({ prefix }) => prefix);
}

async function deny(prefix: string, name = 'a'): Promise<void> {
  await using sdk = createRemote({ socket: socketOf(name) });
  await sdk.rules.add({ list: 'deny', prefix });
}

const judge = (address: string, name = 'a') => driver.pinned.get(pathOf('pins', name))?.maps.judge(address).verdict;

describe('the daemon', () => {
  it('reports what it attached to and where it can be reached', async () => {
    const { report } = await start();
    expect(report).toMatchObject({
      attachments: [{ interface: 'eth0', mode: 'native' }],
      adopted: false,
      tokens: 0,
      status: { loaded: true, daemon: true, configFile: config, pinPath: pathOf('pins'), warnings: [] },
    });
    expect(Number(readFileSync(pathOf('run/netxfw.pid'), 'utf8'))).toBe(process.pid);
  });

  it('takes interfaces from the command line', async () => {
    const { report } = await start({ interfaces: ['eth1'] });
    expect(report.attachments.map((attachment) => attachment.interface)).toEqual(['eth1']);
  });

  it('ends in order and leaves the filter on', async () => {
    const { stop } = await start();
    await deny('192.0.2.1');
    await stop();
    expect(existsSync(socketOf())).toBe(false);
    expect(existsSync(pathOf('run/netxfw.pid'))).toBe(false);
    expect(judge('192.0.2.1')).toBe('drop');
    expect(driver.pinned.get(pathOf('pins'))?.attachments).toHaveLength(1);
  });

  it('keeps the rules over a restart, and takes over the maps', async () => {
    const first = await start();
    await deny('192.0.2.1');
    await first.stop();
    const { report } = await start();
    expect(report).toMatchObject({ adopted: true, reconciled: { added: 0, removed: 0 } });
    expect(await denied()).toEqual(['192.0.2.1']);
  });

  it('fills new maps with the rules from disk before it attaches', async () => {
    const first = await start();
    await deny('192.0.2.1');
    await first.stop();
    driver.unload(pathOf('pins'));
    const prepare = driver.prepare.bind(driver);
    let atAttach: unknown;
    driver.prepare = (settings) => {
      const prepared = prepare(settings);
      return {
        ...prepared,
        attach: () => {
          atAttach = judge('192.0.2.1');
          prepared.attach();
        },
      };
    };
    const { report } = await start();
    expect(report).toMatchObject({ adopted: false, reconciled: { added: 1, removed: 0 } });
    expect(atAttach).toBe('drop');
  });

  it('is alone on its state', async () => {
    await start();
    await expect(daemon({ config, driver })).rejects.toMatchObject({
      code: 'LOCKED',
      message: expect.stringContaining(String(process.pid)),
    });
    expect(await denied()).toEqual([]);
  });

  it('runs beside one of another configuration', async () => {
    await start();
    await start({ config: configure('b') });
    await deny('192.0.2.1');
    await deny('192.0.2.2', 'b');
    expect(await denied()).toEqual(['192.0.2.1']);
    expect(await denied('b')).toEqual(['192.0.2.2']);
    expect([judge('192.0.2.2'), judge('192.0.2.2', 'b')]).toEqual(['pass', 'drop']);
  });

  it('that cannot attach leaves nothing behind', async () => {
    await expect(daemon({ config, driver, interfaces: ['eth9'] })).rejects.toMatchObject({
      code: 'INTERFACE_UNKNOWN',
    });
    expect(driver.pinned.size).toBe(0);
    expect(existsSync(socketOf())).toBe(false);
    await start();
  });

  it('that cannot attach leaves a filter that was there as it was', async () => {
    await load({ config, driver });
    await expect(daemon({ config, driver, interfaces: ['eth9'] })).rejects.toMatchObject({
      code: 'INTERFACE_UNKNOWN',
    });
    expect(driver.pinned.get(pathOf('pins'))?.attachments).toMatchObject([{ interface: 'eth0' }]);
  });

  it('refuses damaged rules instead of starting with none', async () => {
    const first = await start();
    await deny('192.0.2.1');
    await first.stop();
    writeFileSync(pathOf('state/rules.json'), '{"damaged');
    await expect(daemon({ config, driver })).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
    expect(judge('192.0.2.1')).toBe('drop');
  });

  describe('with a configuration that is broken', () => {
    const broken: readonly [what: string, damage: (text: string) => string, why: RegExp][] = [
      ['by an unknown key', (text) => `${text}nonsense: 1\n`, /nonsense is an unknown key/],
      ['by zeros at its end', (text) => text.replace(/1000\n$/, '\0\0\0\0'), /drops_per_second must be/],
      [
        'by ending in the middle of a line',
        (text) => text.slice(0, -2),
        /a\.yaml:\d+: it ends in the middle of a line/,
      ],
    ];
    beforeEach(() => {
      configure('a', 'mode: monitor\nevents:\n  drops_per_second: 1000\n');
    });

    it.each(broken)('%s is refused while the filter is on', async (_, damage, why) => {
      const first = await start();
      await first.stop();
      writeFileSync(config, damage(readFileSync(config, 'utf8')));
      await expect(daemon({ config, driver })).rejects.toMatchObject({ message: expect.stringMatching(why) });
      expect(driver.pinned.size).toBe(1);
    });

    it.each(broken)('%s follows the one that was last in force when there is no filter', async (_, damage, why) => {
      const first = await start();
      await deny('192.0.2.1');
      await first.stop();
      driver.pinned.clear();
      const text = readFileSync(config, 'utf8');
      const bad = damage(text);
      writeFileSync(config, bad);
      const { report } = await start();
      const warning = expect.stringMatching(
        new RegExp(`${why.source}.*config\\.applied\\.yaml, which was last in force`),
      );
      expect(report.status.warnings).toContainEqual(warning);
      expect(judge('192.0.2.1')).toBe('drop');
      await using sdk = createRemote({ socket: socketOf() });
      expect((await sdk.config.get()).config.mode).toBe('monitor');
      await expect(sdk.config.reload()).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
      expect(readFileSync(config, 'utf8')).toBe(bad);
      writeFileSync(config, text);
      await sdk.config.reload();
      expect((await sdk.system.status()).warnings).not.toContainEqual(warning);
    });
  });

  it('says what has changed in the configuration since it was last in force', async () => {
    const first = await start();
    await first.stop();
    const second = await start();
    expect(second.report.notices).toEqual([]);
    await second.stop();
    configure('a', 'mode: monitor\n');
    const { report } = await start();
    expect(report.notices).toEqual([expect.stringMatching(/a\.yaml has changed .*: mode: enforce -> monitor$/)]);
  });

  it('refuses a broken configuration before it touches anything', async () => {
    const broken = configure('b', 'nonsense: 1\n');
    await expect(daemon({ config: broken, driver })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    expect(driver.pinned.size).toBe(0);
    expect(existsSync(join(directory, 'b'))).toBe(false);
  });
});

describe('without a daemon', () => {
  it('load, change and read work on the same state', async () => {
    const report = await load({ config, driver });
    expect(report).toMatchObject({ adopted: false, status: { daemon: false, startedAt: null, loaded: true } });
    {
      await using sdk = await openInProcess({ config, driver });
      await sdk.rules.add({ list: 'deny', prefix: '192.0.2.1' });
    }
    expect(judge('192.0.2.1')).toBe('drop');
    await start();
    expect(await denied()).toEqual(['192.0.2.1']);
  });

  it('one writes at a time', async () => {
    await load({ config, driver });
    const first = await openInProcess({ config, driver });
    await expect(openInProcess({ config, driver })).rejects.toMatchObject({ code: 'LOCKED' });
    await first.close();
    await (await openInProcess({ config, driver })).close();
  });

  it('nothing is stored that no kernel enforces', async () => {
    await using sdk = await openInProcess({ config, driver });
    const refused = { code: 'NOT_LOADED', hint: expect.stringContaining('system load') };
    await expect(sdk.rules.add({ list: 'deny', prefix: '192.0.2.1' })).rejects.toMatchObject(refused);
    await expect(sdk.rules.import({ list: 'deny', data: Buffer.from('192.0.2.1\n') })).rejects.toMatchObject(refused);
    await expect(sdk.dynamic.add({ prefix: '192.0.2.1' })).rejects.toMatchObject(refused);
    await expect(sdk.stats.get()).rejects.toMatchObject(refused);
    expect(await sdk.rules.counts()).toEqual({ allow: 0, deny: 0 });
    expect(existsSync(pathOf('state/rules.json'))).toBe(false);
    expect(existsSync(pathOf('state/rules.journal'))).toBe(false);
  });

  it('what is on disk can be read while nothing is loaded', async () => {
    await load({ config, driver });
    {
      await using sdk = await openInProcess({ config, driver });
      await sdk.rules.add({ list: 'deny', prefix: '192.0.2.1' });
    }
    await unload({ config, driver });
    await using sdk = await openInProcess({ config, driver });
    expect((await sdk.rules.list()).rules.map(({ prefix }) => prefix)).toEqual(['192.0.2.1']);
    expect(await sdk.system.status()).toMatchObject({
      loaded: false,
      rules: { allow: 0, deny: 1, dynamic: 0 },
      warnings: [expect.stringContaining('system load')],
    });
    await expect(sdk.rules.remove('192.0.2.1')).rejects.toMatchObject({ code: 'NOT_LOADED' });
    expect(await sdk.rules.counts()).toEqual({ allow: 0, deny: 1 });
  });

  it('load waits for a command at work', async () => {
    const first = await openInProcess({ config, driver });
    const loaded = load({ config, driver });
    setTimeout(() => void first.close(), 50);
    expect((await loaded).attachments).toHaveLength(1);
  });
});

describe('unload', () => {
  it('names the interfaces, and does nothing the second time', async () => {
    await load({ config, driver });
    expect(await unload({ config, driver })).toEqual({ detached: ['eth0'] });
    expect(await unload({ config, driver })).toEqual({ detached: [] });
  });

  it('works with a broken configuration and broken rules', async () => {
    await load({ config, driver });
    writeFileSync(pathOf('state/rules.json'), 'x');
    writeFileSync(config, `${readFileSync(config, 'utf8')}nonsense: [\n`);
    const notices: string[] = [];
    expect(await unload({ config, driver, onNotice: (notice) => notices.push(notice) })).toEqual({
      detached: ['eth0'],
    });
    expect(notices.join()).toContain(config);
  });

  it('works when the lock file cannot be made', async () => {
    await load({ config, driver });
    rmSync(pathOf('state'), { recursive: true });
    writeFileSync(pathOf('state'), '');
    expect(await unload({ config, driver })).toEqual({ detached: ['eth0'] });
  });

  it('takes nobody for the daemon who does not hold its lock', async () => {
    await load({ config, driver });
    const stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
    writeFileSync(pathOf('state/netxfw.lock'), JSON.stringify({ pid: stranger.pid, role: 'daemon' }));
    expect(lockHolder(pathOf('state/netxfw.lock'))).toMatchObject({ pid: stranger.pid });
    expect(await unload({ config, driver })).toEqual({ detached: ['eth0'] });
    expect(stranger.kill('SIGKILL')).toBe(true);
    expect((await once(stranger, 'exit'))[1]).toBe('SIGKILL');
  });
});
