import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { createRemote } from '../../src/sdk/remote.ts';
import { type Damage, damage, damagedBytes } from '../../src/store/testing/damages.ts';
import { Instance } from '../support/instance.ts';
import { BAD4, FW_DEVICE, FW4, GOOD4, Lab } from '../support/lab.ts';
import { eth, ipv4, packet, payload, udp } from '../support/packet.ts';
import { compilePlugin } from '../support/plugin-object.ts';
import { mustSync, until } from '../support/process.ts';
import { arrivals } from '../support/traffic.ts';

/** Damages of each file; NETXFW_DAMAGES for a longer search. */
const ROUNDS = Number(process.env.NETXFW_DAMAGES ?? 3);
const seed = Number(process.env.NETXFW_SEED ?? Date.now() % 2 ** 31);

/** What is in the state directory of an instance that uses everything. A file that is not here is not looked after. */
const FILES = [
  'audit.jsonl',
  'bpf-plugins.json',
  'config.applied.yaml',
  'confirm.json',
  'confirm.json.copy',
  'default-interface',
  'feeds/a.list',
  'netxfw.lock',
  'plugins.json',
  'rules.journal',
  'rules.json',
  'rules.json.previous',
  'tokens.json',
];
/** Without a whole one of these the daemon does not start: what to filter by would be a guess. */
const NEEDED = ['rules.json', 'rules.journal'];

const PLUGIN = `#include <netxfw_plugin.h>
NETXFW_PLUGIN(no_4444)
{
	struct nx_frame frame = netxfw_frame(ctx);
	struct nx_pkt pkt = {};

	if (netxfw_parse(&frame, &pkt) == NX_REASON_NONE && pkt.proto == IPPROTO_UDP && pkt.dst_port == bpf_htons(4444))
		return netxfw_drop(ctx);
	return netxfw_next(ctx);
}
`;

const lab = Lab.create();
const netxfw = new Instance(lab);
const kept = join(lab.directory, 'kept');
const FEED = '203.0.113.9';
const PENDING = '203.0.113.10';

const datagram = (src: string, dport: number) => ({
  name: `${src} to ${dport}`,
  bytes: packet(eth(), ipv4({ src, dst: FW4 }), udp({ dport }), payload(8)),
});
const frames = [GOOD4, BAD4, FEED, PENDING].flatMap((source) => [4443, 4444].map((port) => datagram(source, port)));
const GOOD = [`${GOOD4} to 4443`];

/** Everything that must not be lost, as the daemon says it. */
async function state() {
  await using sdk = createRemote({ socket: netxfw.socket });
  const failsafe = await sdk.config.get().then(
    ({ config }) => config.base.failsafe_ports,
    (error) => error.code,
  );
  return {
    rules: (await sdk.rules.list()).rules.map(({ prefix, source }) => `${prefix} ${source}`).sort(),
    tokens: await sdk.tokens.list().catch((error) => error.code),
    plugins: (await sdk.plugins.list()).map(({ slot, name }) => `${slot} ${name}`),
    pending: await sdk.config.pending(),
    failsafe,
    attached: (await sdk.system.status()).attachments.map((one) => one.interface),
  };
}

/** What the daemon tells: its log, and the warnings of its status. */
async function told(): Promise<string> {
  await using sdk = createRemote({ socket: netxfw.socket });
  const { stdout, stderr } = netxfw.daemon;
  return [stdout, stderr, ...(await sdk.system.status()).warnings].join('\n');
}

const path = (file: string) => (file === 'config.yaml' ? netxfw.configFile : join(netxfw.stateDir, file));
let whole: Awaited<ReturnType<typeof state>>;
let config: string;
/** The kernel holds what is on the undamaged disk. */
let inForce = true;

/** Puts everything on disk back. */
function restore(): void {
  rmSync(netxfw.stateDir, { recursive: true });
  cpSync(kept, netxfw.stateDir, { recursive: true });
  writeFileSync(netxfw.configFile, config);
}

beforeAll(async () => {
  mustSync(['ip', 'route', 'add', 'default', 'via', GOOD4, 'dev', FW_DEVICE], { netns: lab.fw.name });
  const list = join(lab.directory, 'list.txt');
  writeFileSync(list, `${FEED}\n`);
  netxfw.configure(
    {
      base: { failsafe_ports: [22, 2222] },
      feeds: { lists: [{ name: 'a', from: list, keep_private: true, refresh: '1d' }] },
    },
    [],
  );
  const { feeds, ...where } = parse(readFileSync(netxfw.configFile, 'utf8'));
  config = stringify({ ...where, feeds });
  writeFileSync(netxfw.configFile, config);
  await netxfw.start();
  await netxfw.ok(['token', 'create', 'me']);
  mkdirSync(join(netxfw.directory, 'bpf'));
  await netxfw.ok(['plugin', 'load', compilePlugin(join(netxfw.directory, 'bpf'), 'p', PLUGIN), '5']);
  // Two snapshots, so that there is an earlier one too, and a journal after them.
  const many = Array.from({ length: 11_000 }, (_, i) => `10.9.${i >> 8}.${i & 255}`).join('\n');
  {
    await using sdk = createRemote({ socket: netxfw.socket });
    await sdk.rules.import({ list: 'deny', data: Buffer.from(many) });
    await sdk.rules.clear('deny');
  }
  await netxfw.ok(['feeds', 'refresh', 'a', '--force']);
  await netxfw.ok(['deny', BAD4]);
  await netxfw.ok(['deny', PENDING, '--confirm', '1h']);
  await until('the feed', async () => (await state()).rules.includes(`${FEED} feed:a`));
  whole = await state();
  await netxfw.stop();
  const there = readdirSync(netxfw.stateDir, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const names = there.map((one) => join(one.parentPath, one.name).slice(netxfw.stateDir.length + 1));
  expect(names.sort()).toEqual(FILES);
  cpSync(netxfw.stateDir, kept, { recursive: true });
});
afterAll(async () => {
  await netxfw.reboot();
  lab.dispose();
});

async function judged(file: string, how: Damage, booting: boolean): Promise<void> {
  restore();
  if (booting) await netxfw.reboot();
  else if (!inForce) {
    await netxfw.start();
    await netxfw.kill();
    restore();
  }
  inForce = !booting;
  const bytes = readFileSync(path(file));
  // Where the instance is stays legible: an empty file would be another instance's.
  const from = file === 'config.yaml' ? config.indexOf('feeds:') : 0;
  writeFileSync(path(file), Buffer.concat([bytes.subarray(0, from), damagedBytes(bytes.subarray(from), how)]));
  const started = await netxfw.start().then(
    () => null,
    (error: Error) => error.message,
  );
  if (started !== null) {
    expect(started).toContain(path(file));
    expect(!booting || NEEDED.includes(file), started).toBe(true);
    if (!booting) expect(await arrivals(lab, frames)).toEqual(GOOD);
    return;
  }
  try {
    const passed = await arrivals(lab, frames);
    const now = await state();
    const said = await told();
    if (said.includes(path(file)) || (file === 'config.yaml' && said.includes('has changed'))) {
      if (file !== 'bpf-plugins.json') expect(now.plugins).toEqual(whole.plugins);
      inForce = now.rules.length === whole.rules.length;
      // A journal that ends too early cannot be told from one whose last change was never acknowledged.
      if (said.includes('was cut off')) expect(whole.rules).toEqual(expect.arrayContaining(now.rules));
      else expect(now.rules).toEqual(whole.rules);
      if (now.rules.includes(`${BAD4} user`)) expect(passed.filter((name) => name.startsWith(BAD4))).toEqual([]);
      if (file.startsWith('confirm')) expect(now.pending).toEqual(whole.pending);
    } else {
      expect(now).toEqual(whole);
      expect(passed).toEqual(GOOD);
      inForce = true;
    }
  } finally {
    await netxfw.kill();
  }
}

it.each([...FILES, 'config.yaml'])(
  '%s damaged at random: refused or told, nothing is lost unseen, and the filter goes on',
  async (file) => {
    const rounds = fc.sample(damage, { seed: seed + FILES.indexOf(file), numRuns: ROUNDS });
    for (const [i, how] of rounds.entries()) {
      const booting = i % 2 === 1;
      await judged(file, how, booting).catch((error: Error) => {
        error.message = `NETXFW_SEED=${seed}, round ${i}, ${booting ? 'at boot' : 'restarted'}, ${JSON.stringify(how)}: ${error.message}`;
        throw error;
      });
    }
  },
);
