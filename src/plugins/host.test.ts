import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BuiltPrograms, buildPluginPrograms, eventually } from '../../test/support/plugin-programs.ts';
import { type App, buildApp } from '../api/app.ts';
import { listenOnSocket } from '../daemon/socket.ts';
import { createMock, type MockNetxfw } from '../sdk/mock.ts';
import { PluginValuesFile } from '../store/plugin-values.ts';
import { PluginHost, type PluginSpec } from './host.ts';
import type { PluginTimes } from './plugin-thread.ts';

let programs: BuiltPrograms;
let directory: string;
let netxfw: MockNetxfw;
let app: App;
let host: PluginHost;
let lines: string[];
let origins: string[];

beforeAll(async () => {
  programs = await buildPluginPrograms();
}, 60_000);
afterAll(() => programs[Symbol.dispose]());

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'nxt-plugins-'));
  netxfw = await createMock();
  origins = [];
  app = buildApp(netxfw, { checkAnswers: true, audit: ({ who }) => origins.push(decodeURIComponent(who)) });
  await listenOnSocket(app, join(directory, 'netxfw.sock'));
  lines = [];
  host = hostWith({});
});

afterEach(async () => {
  await host.stop();
  await app.close();
  await netxfw.close();
  rmSync(directory, { recursive: true, force: true });
});

function hostWith(times: Partial<PluginTimes>): PluginHost {
  return new PluginHost({
    workerFile: programs.workerFile,
    library: programs.library,
    socket: join(directory, 'netxfw.sock'),
    values: new PluginValuesFile(join(directory, 'plugins.json')),
    log: (level, plugin, message, fields) => lines.push(`${level} ${plugin} ${message} ${JSON.stringify(fields)}`),
    times,
  });
}

/** Writes a plugin. @param body what stands inside definePlugin({...}) */
function plugin(name: string, body: string, config: unknown = {}): PluginSpec {
  const file = join(directory, `${name}.mjs`);
  writeFileSync(
    file,
    `import { definePlugin, z } from 'netxfw/plugin';\nexport default definePlugin({ name: '${name}', ${body} });\n`,
  );
  return { module: pathToFileURL(file).href, label: file, config };
}

const status = async (name: string) => (await host.list()).find((one) => one.name === name);

describe('a plugin', () => {
  it('gets the firewall, its configuration, a store, a log, and answers commands', async () => {
    const spec = plugin(
      'greeter',
      `schema: z.object({ who: z.string(), list: z.enum(['deny']).default('deny') }),
       async setup({ sdk, config, store, log, health }) {
         await sdk.rules.add({ list: config.list, prefix: '192.0.2.1', reason: 'hello ' + config.who });
         await store.set('runs', ((await store.get('runs')) ?? 0) + 1);
         await store.shared.set('last', config.who);
         log.info('hello', { who: config.who });
         health(true, 'greeting ' + config.who);
         return { commands: { echo: (argument) => ({ argument, runs: store.get('runs') && 1 }), runs: () => store.get('runs') } };
       }`,
      { who: 'world' },
    );
    await host.apply([spec]);
    expect((await netxfw.rules.match('192.0.2.1'))[0]?.rule.reason).toBe('hello world');
    expect(origins.join()).toContain('plugin:greeter');
    expect(lines).toContain('info greeter hello {"who":"world"}');
    expect(await status('greeter')).toMatchObject({
      state: 'running',
      ok: true,
      message: 'greeting world',
      commands: ['echo', 'runs'],
    });
    expect(await host.call('greeter', 'echo', { a: [1] })).toEqual({ argument: { a: [1] }, runs: 1 });
    expect(await host.call('greeter', 'runs')).toBe(1);
    await expect(host.call('greeter', 'toString')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(host.call('nobody', 'echo')).rejects.toMatchObject({ code: 'NOT_FOUND' });

    await host.stop();
    host = hostWith({});
    await host.apply([spec]);
    expect(await host.call('greeter', 'runs')).toBe(2);
    const kept = JSON.parse(readFileSync(join(directory, 'plugins.json'), 'utf8'));
    expect(kept.values).toEqual({ greeter: { runs: 2 }, '*shared': { last: 'world' } });
  });

  it('hears what happens in the engine', async () => {
    await host.apply([
      plugin(
        'listener',
        `setup({ events, health }) { events.on('rules', (event) => health(true, event.prefixes.join())); return undefined; }`,
      ),
    ]);
    await eventually('the plugin hears of the rule', async () => {
      await netxfw.rules.add({ list: 'deny', prefix: `192.0.2.${Math.floor(Math.random() * 256)}` });
      return (await status('listener'))!.message.startsWith('192.0.2.');
    });
  });

  it('goes on undisturbed while its configuration stays, and takes a new one', async () => {
    const body = `setup({ config, health }) {
      let n = config.n; const id = Math.random(); health(true, String(n));
      return { reload(next) { if (next.n < 0) throw new Error('n is negative'); n = next.n; health(true, String(n)); }, commands: { id: () => id } };
    }`;
    const spec = plugin('counter', body, { n: 1 });
    await host.apply([spec]);
    const id = await host.call('counter', 'id');
    await host.apply([{ ...spec, config: { n: 1 } }]);
    await host.apply([{ ...spec, config: { n: 2 } }]);
    expect(await host.call('counter', 'id')).toBe(id);
    expect((await status('counter'))!.message).toBe('2');
    await host.apply([{ ...spec, config: { n: -1 } }]);
    expect(await status('counter')).toMatchObject({ state: 'failed', ok: false, message: 'n is negative' });
    await host.apply([{ ...spec, config: { n: 3 } }]);
    expect(await status('counter')).toMatchObject({ state: 'running', message: '3' });
    expect(await host.call('counter', 'id')).not.toBe(id);
    await host.apply([]);
    expect(await host.list()).toEqual([]);
  });

  it('is told to stop', async () => {
    const body = `setup({ store, signal }) { return { async stop() { await store.set('aborted', signal.aborted); } }; }`;
    await host.apply([plugin('stopper', body)]);
    await host.apply([]);
    expect(new PluginValuesFile(join(directory, 'plugins.json')).get('stopper', 'aborted')).toBe(true);
  });

  it('can be checked without being started', async () => {
    const schema = 'schema: z.strictObject({ n: z.number() }), setup({ sdk }) { throw new Error("started"); }';
    await host.validate([plugin('checked', schema, { n: 1 })]);
    const wrong = host.validate([plugin('checked', schema, { n: 'x' })]);
    await expect(wrong).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('n: ') });
    expect(await host.list()).toEqual([]);
  });
});

describe('a plugin that fails is stopped and reported, and the firewall goes on:', () => {
  const SPIN = 'for (;;);';
  const cases: readonly [what: string, body: string, message: RegExp][] = [
    ['throws while it is set up', `setup() { throw new Error('no luck'); }`, /no luck/],
    ['has a wrong configuration', `schema: z.object({ key: z.string() }), setup() { return undefined; }`, /key: /],
    [
      'throws later',
      `setup() { setTimeout(() => { throw new Error('later'); }, 1); return undefined; }`,
      /threw: later/,
    ],
    [
      'rejects later',
      `setup() { setTimeout(() => Promise.reject(new Error('unseen')), 1); return undefined; }`,
      /unseen/,
    ],
    ['ends its thread', `setup() { setTimeout(() => process.exit(3), 1); return undefined; }`, /exit code 3/],
    ['spins while it is set up', `setup() { ${SPIN} }`, /hangs/],
    ['spins later', `setup() { setTimeout(() => { ${SPIN} }, 1); return undefined; }`, /hangs/],
    ['is never set up', 'setup() { return new Promise(() => {}); }', /not set up in time/],
  ];
  for (const [what, body, message] of cases) {
    it(what, async () => {
      host = hostWith({ start: 4000, ping: 100, hang: 1500 });
      const good = plugin('good', 'setup() { return { commands: { ping: () => 1 } }; }');
      await host.apply([plugin('bad', body), good]);
      await eventually('it is reported', async () => (await host.list())[0]!.state === 'failed');
      const [bad] = await host.list();
      expect(bad).toMatchObject({ ok: false, message: expect.stringMatching(message) });
      expect(lines.filter((line) => line.startsWith('error'))).toHaveLength(1);
      expect(await host.call('good', 'ping')).toBe(1);
      expect(await netxfw.rules.add({ list: 'deny', prefix: '192.0.2.1' })).toMatchObject({ change: 'added' });
    });
  }

  it('names a module that is missing or is none', async () => {
    const missing = { module: pathToFileURL(join(directory, 'none.mjs')).href, label: 'none.mjs', config: {} };
    const file = join(directory, 'other.mjs');
    writeFileSync(file, 'export default 1;');
    await host.apply([missing, { module: pathToFileURL(file).href, label: 'other.mjs', config: {} }]);
    expect((await host.list()).map(({ state, message }) => `${state} ${message}`)).toEqual([
      expect.stringMatching(/^failed .*none\.mjs/),
      expect.stringMatching(/^failed .*no plugin/),
    ]);
  });

  it('does not let a second plugin take the name of the first', async () => {
    const first = plugin('same', 'setup() { return undefined; }');
    const file = join(directory, 'copy.mjs');
    writeFileSync(file, readFileSync(new URL(first.module)));
    await host.apply([first, { ...first, module: pathToFileURL(file).href }]);
    await eventually('the second is refused', async () => (await host.list())[1]!.state === 'failed');
    expect((await host.list())[0]).toMatchObject({ state: 'running' });
  });

  it('is ended when it does not stop', async () => {
    host = hostWith({ stop: 200 });
    await host.apply([plugin('stubborn', `setup() { return { stop: () => new Promise(() => {}) }; }`)]);
    await host.apply([]);
    expect(await host.list()).toEqual([]);
    expect(lines.join('\n')).toContain('did not stop in order');
  });
});
