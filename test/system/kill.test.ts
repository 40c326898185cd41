import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { createRemote } from '../../src/sdk/remote.ts';
import type { Netxfw } from '../../src/sdk/types.ts';
import { Instance } from '../support/instance.ts';
import { Lab } from '../support/lab.ts';
import { readKernelLists } from '../support/pinned-lists.ts';

/** How often the daemon is killed; NETXFW_KILL_ROUNDS for a longer search. */
const ROUNDS = Number(process.env.NETXFW_KILL_ROUNDS ?? 200);
/** On a machine that has much else to do fewer rounds must suffice: no new one begins after this time, milliseconds. */
const BUDGET = 600_000;
/** The daemon lives this long after its start, milliseconds. */
const LIFE = 400;
/** Entries from which on the store writes a snapshot instead of a record. */
const LARGE = 10_500;

/** Hosts on which rounds run side by side: most of a round is waiting. */
const HOSTS = 2;

const hosts = Array.from({ length: HOSTS }, () => {
  const lab = Lab.create();
  return { lab, netxfw: new Instance(lab) };
});
afterAll(async () => {
  for (const { lab, netxfw } of hosts) {
    await netxfw.reboot();
    lab.dispose();
  }
});

/** Everything that is to survive, as text by key. */
type State = ReadonlyMap<string, string>;

/** A change, and what it makes of the state. */
interface Operation {
  readonly name: string;
  run(sdk: Netxfw): Promise<unknown>;
  readonly put?: readonly (readonly [key: string, value: string])[];
  readonly remove?: readonly string[];
}

const seed = Number(process.env.NETXFW_SEED ?? Date.now() % 2 ** 31);
const random = fc.sample(fc.nat(2 ** 30), { seed, numRuns: 20_000 });
let drawn = 0;
const draw = (options: number): number => random[drawn++ % random.length]! % options;

function operation(): Operation {
  const n = draw(40);
  const host = `10.1.0.${n}`;
  switch (draw(12)) {
    case 0:
    case 1:
    case 2: {
      const reason = `r${draw(9)}`;
      const run = (sdk: Netxfw) => sdk.rules.add({ list: 'deny', prefix: host, reason });
      return { name: `deny ${host}`, run, put: [[host, reason]] };
    }
    case 3:
      return { name: `del ${host}`, run: ({ rules }) => rules.remove(host, 'deny').catch(absent), remove: [host] };
    case 4: {
      const prefixes = Array.from({ length: 30 }, () => `10.${draw(5) + 2}.${draw(250)}.0/24`);
      const run = (sdk: Netxfw) =>
        sdk.rules.addMany(prefixes.map((prefix) => ({ list: 'deny', prefix, reason: 'many' })));
      return { name: 'deny 30', run, put: prefixes.map((prefix) => [prefix, 'many']) };
    }
    case 5: {
      const addresses = Array.from({ length: LARGE }, (_, i) => `11.${n}.${i >> 8}.${i & 255}`);
      const data = Buffer.from(addresses.join('\n'));
      const run = ({ rules }: Netxfw) => rules.import({ list: 'deny', data, reason: 'large' });
      const clear = { name: 'clear', run: ({ rules }: Netxfw) => rules.clear('deny'), remove: ['*'] };
      return draw(3) === 0 ? clear : { name: 'import', run, put: addresses.map((address) => [address, 'large']) };
    }
    case 6: {
      const [prefix, rate] = [`10.${n}.0.0/16`, draw(100) + 1];
      const run = (sdk: Netxfw) => sdk.limits.add({ prefix, rate, burst: 7 });
      return { name: `limit ${prefix}`, run, put: [[`limit ${prefix}`, `${rate}`]] };
    }
    case 7: {
      const prefix = `10.${n}.0.0/16`;
      return { name: 'unlimit', run: ({ limits }) => limits.remove(prefix).catch(absent), remove: [`limit ${prefix}`] };
    }
    case 8:
      return { name: 'open', run: ({ ports }) => ports.open(`${8000 + n}/tcp`), put: [[`port ${8000 + n}`, 'tcp']] };
    case 9:
      return {
        name: 'close',
        run: ({ ports }) => ports.close(`${8000 + n}/tcp`).catch(absent),
        remove: [`port ${8000 + n}`],
      };
    case 10: {
      const run = ({ ports }: Netxfw) =>
        ports.addRule({ prefix: host, ports: '5432', protocol: 'tcp', action: 'deny', reason: `${n}` });
      return { name: 'rule', run, put: [[`rule ${host}`, `${n}`]] };
    }
    default: {
      const large = draw(4) === 0;
      const [key, value] = large ? ['capacity.lock_list', 20_000 + n] : ['base.icmp_rate', 100 + n];
      return {
        name: 'reload',
        run: ({ config }) => config.set({ [key]: value }),
        put: [[`config ${key}`, `${value}`]],
      };
    }
  }
}

function absent(error: { readonly code: string }): void {
  if (error.code !== 'NOT_FOUND' && error.code !== 'RULE_NOT_FOUND') throw error;
}

function after(state: State, { put = [], remove = [] }: Operation): State {
  const kept = remove.includes('*') ? [...state].filter(([key]) => /^[a-z]/.test(key)) : [...state];
  const next = new Map([...kept, ...put]);
  for (const key of remove) next.delete(key);
  return next;
}

async function stateOf({ rules, limits, ports, config }: Netxfw): Promise<State> {
  const state = new Map<string, string>();
  for (let offset = 0; ; offset += 10_000) {
    const page = await rules.list({ list: 'deny', offset, limit: 10_000 });
    for (const { prefix, reason } of page.rules) state.set(prefix, reason);
    if (offset + page.limit >= page.total) break;
  }
  for (const { prefix, rate } of await limits.list()) state.set(`limit ${prefix}`, `${rate}`);
  for (const { ports: range, protocol } of await ports.list()) state.set(`port ${range}`, protocol);
  for (const { prefix, reason } of await ports.listRules()) state.set(`rule ${prefix}`, reason);
  const { base, capacity } = (await config.get()).config;
  state.set('config base.icmp_rate', `${base.icmp_rate}`);
  state.set('config capacity.lock_list', `${capacity.lock_list}`);
  return state;
}

const text = (state: State): string =>
  [...state]
    .map(([key, value]) => `${key} = ${value}`)
    .sort()
    .join('\n');

/** Makes changes, one after the other, until the daemon is gone. @returns the one that was never acknowledged */
async function work(sdk: Netxfw, acknowledged: (done: Operation) => void): Promise<Operation | null> {
  for (;;) {
    const next = operation();
    try {
      await next.run(sdk);
    } catch (error) {
      const { code, message } = error as { readonly code?: string; readonly message: string };
      if (code === 'DAEMON_UNREACHABLE') return next;
      throw new Error(`${next.name}: ${message}`);
    }
    acknowledged(next);
  }
}

interface Counts {
  rounds: number;
  acknowledged: number;
  unacknowledged: number;
  found: number;
}

/** Starts the daemon, finds all that it owes, changes more, and kills it: again and again. */
async function rounds(netxfw: Instance, count: number, counts: Counts): Promise<void> {
  let state: State | null = null;
  let unacknowledged: Operation | null = null;
  const end = Date.now() + BUDGET;
  for (let round = 0; round < count && Date.now() < end; round++) {
    counts.rounds++;
    const daemon = await netxfw.start();
    await using sdk = createRemote({ socket: netxfw.socket });
    const found = await stateOf(sdk);
    if (state !== null) {
      const possible: State[] = [state, ...(unacknowledged === null ? [] : [after(state, unacknowledged)])];
      const which = possible.findIndex((one) => text(one) === text(found));
      // Compared as one text: a difference of this size takes long to print.
      if (which < 0)
        expect(text(found).slice(0, 5000), `round ${round}, ${unacknowledged?.name}`).toBe(text(state).slice(0, 5000));
      expect(which, `round ${round}: after ${unacknowledged?.name}`).toBeGreaterThanOrEqual(0);
      if (which === 1) counts.found++;
    }
    const kernel = readKernelLists(netxfw.pinPath);
    const denied = [...found.keys()].filter((key) => !/^[a-z]/.test(key));
    expect(kernel.hosts.length).toBe(denied.filter((prefix) => !prefix.includes('/')).length);
    expect(kernel.lockList.length).toBe(denied.filter((prefix) => prefix.includes('/')).length);
    let current: State = found;
    const killed = new Promise((resolve) => setTimeout(resolve, draw(LIFE))).then(() => daemon.stop('SIGKILL'));
    unacknowledged = await work(sdk, (done) => {
      current = after(current, done);
      counts.acknowledged++;
    });
    await killed;
    if (unacknowledged !== null) counts.unacknowledged++;
    state = current;
  }
}

it(`holds every acknowledged change, and none half, after each of up to ${ROUNDS} kills (seed ${seed})`, async () => {
  const counts: Counts = { rounds: 0, acknowledged: 0, unacknowledged: 0, found: 0 };
  const ended = await Promise.allSettled(hosts.map(({ netxfw }) => rounds(netxfw, Math.ceil(ROUNDS / HOSTS), counts)));
  console.info(counts);
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
  expect(counts.acknowledged).toBeGreaterThan(0);
  expect(counts.rounds).toBeGreaterThan(HOSTS);
}, 900_000);
