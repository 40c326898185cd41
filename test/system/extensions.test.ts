import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Overview } from '../../src/cli/documents-observe.ts';
import { Instance } from '../support/instance.ts';
import { BAD4, BAD6, GOOD4, Lab } from '../support/lab.ts';
import { until } from '../support/process.ts';
import { arrivals, framesFrom } from '../support/traffic.ts';

const lab = Lab.create();
const netxfw = new Instance(lab);
const at = (name: string) => join(netxfw.directory, name);
const log = at('auth.log');
const list = at('list.txt');

const everything = [...framesFrom(BAD4), ...framesFrom(BAD6), ...framesFrom(GOOD4)];
const names = (frames: readonly { name: string }[]): string[] => frames.map((frame) => frame.name);
const ALL = names(everything);
const without = (...sources: string[]) => {
  const gone = new Set(sources.flatMap((source) => names(framesFrom(source))));
  return ALL.filter((name) => !gone.has(name));
};

const LOG_ENGINE = {
  enabled: true,
  rules: [
    { id: 'login', path: log, regex: 'failed from (?P<ip>\\S+)$', address: 'ip', threshold: 3, action: 'dynblack:1h' },
  ],
};

beforeAll(async () => {
  writeFileSync(log, '');
  writeFileSync(list, `${BAD6}\n`);
  netxfw.configure({ log_engine: LOG_ENGINE });
  await netxfw.start();
  await until('the log engine to run', async () => (await extensions()).some(({ state }) => state === 'running'));
});
afterAll(async () => {
  await netxfw.stop();
  lab.dispose();
});

const extensions = async () => (await netxfw.json<Overview>(['status'])).extensions;
const dynamic = async () =>
  (await netxfw.json<{ dynamic: readonly { prefix: string }[] }>(['dynamic', 'list'])).dynamic.map(
    ({ prefix }) => prefix,
  );

it('drops the packets of whom the log engine blocks, and of nobody else', async () => {
  expect(await arrivals(lab, everything)).toEqual(ALL);
  appendFileSync(log, `failed from ${BAD4}\nfailed from ${GOOD4}\nfailed from ${BAD4}\nfailed from ${BAD4}\n`);
  await until('the block', async () => (await dynamic()).length > 0);
  expect(await dynamic()).toEqual([BAD4]);
  expect(await arrivals(lab, everything)).toEqual(without(BAD4));
  await netxfw.ok(['dynamic', 'del', BAD4]);
});

it('shows the plugin in the status and in the health checks', async () => {
  const text = await netxfw.ok(['status']);
  expect(text).toMatch(/plugin {4}log-engine running: 1 rules on 1 files/);
  expect(await netxfw.ok(['log', 'test', 'login', log])).toMatch(/login\s+198\.51\.100\.66\s+3\/3\s+dynblack:1h/);
});

it('starts, feeds and stops plugins on reload', async () => {
  const feeds = { lists: [{ name: 'bad', from: list }] };
  const plugin = at('plugin.mjs');
  mkdirSync(netxfw.directory, { recursive: true });
  writeFileSync(
    plugin,
    `import { definePlugin, z } from 'netxfw/plugin';
     export default definePlugin({
       name: 'own',
       schema: z.object({ greeting: z.string() }),
       setup({ config, health }) { health(true, config.greeting); return undefined; },
     });`,
  );
  netxfw.configure({ feeds, plugins: [{ module: plugin, config: { greeting: 'hello' } }] } as never);
  await netxfw.ok(['reload']);
  await until('the plugins to run', async () => {
    const all = await extensions();
    return all.length === 2 && all.every(({ state }) => state === 'running');
  });
  expect((await extensions()).map(({ name, message }) => [name, message])).toEqual([
    ['feeds', expect.any(String)],
    ['own', 'hello'],
  ]);
  await until('the feed', async () => (await netxfw.prefixes()).includes(BAD6));
  expect(await arrivals(lab, everything)).toEqual(without(BAD6));
  expect(await netxfw.ok(['feeds', 'list'])).toMatch(/bad\s+deny\s+1\s/);

  netxfw.configure({ plugins: [{ module: plugin, config: { greeting: 7 } }] } as never);
  await netxfw.ok(['reload']);
  await until('the feed to go', async () => (await netxfw.prefixes()).length === 0);
  await until('the plugin to be refused', async () => (await extensions()).some(({ state }) => state === 'failed'));
  expect(await netxfw.ok(['status'])).toContain('greeting');
  expect(await arrivals(lab, everything)).toEqual(ALL);
});

it('builds a packet plugin from its source, and the packets are judged by it', async () => {
  const source = at('drop_udp.bpf.c');
  writeFileSync(
    source,
    `#include <netxfw_plugin.h>
NETXFW_PLUGIN(drop_marked)
{
	struct nx_frame frame = netxfw_frame(ctx);
	struct nx_pkt pkt = {};

	if (netxfw_parse(&frame, &pkt) == NX_REASON_NONE && pkt.proto == IPPROTO_UDP)
		return netxfw_drop(ctx);
	return netxfw_next(ctx);
}
`,
  );
  const object = at('drop_udp.bpf.o');
  expect(await netxfw.ok(['plugin', 'build', source])).toContain(`built ${object}`);
  await netxfw.ok(['plugin', 'load', object, '2']);
  const arrived = await arrivals(lab, everything);
  expect(arrived.length).toBeGreaterThan(0);
  expect(arrived.length).toBeLessThan(ALL.length);
  expect(arrived.filter((name) => name.includes('udp'))).toEqual([]);
  await netxfw.ok(['plugin', 'remove', '2']);
  expect(await arrivals(lab, everything)).toEqual(ALL);
});

it('says what is wrong with a source that does not compile, and leaves nothing behind', async () => {
  const source = at('broken.bpf.c');
  writeFileSync(source, '#include <netxfw_plugin.h>\nNETXFW_PLUGIN(broken)\n{\n\treturn nothing;\n}\n');
  const { status, stderr } = await netxfw.nx(['plugin', 'build', source]);
  expect(status).toBe(2);
  expect(stderr).toMatch(/broken\.bpf\.c:4:.*error/);
  expect(existsSync(at('broken.bpf.o'))).toBe(false);
});
