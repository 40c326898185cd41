import { join } from 'node:path';
import type { BpfProgram } from '../src/ebpf/index.ts';
import { ConfigSchema } from '../src/model/config.ts';
import type { PrefixList } from '../src/model/prefix-list.ts';
import { type Bench, shareAtLeast, type Target } from './figures.ts';
import { type Generator, settled, Wire } from './live/wire.ts';
import { alternate, median } from './rounds.ts';
import { readFeeds } from './support/feeds.ts';
import { BenchFilter } from './support/filter.ts';
import { Handles } from './support/handles.ts';
import type { Traffic } from './support/mixer.ts';
import { IPSET, loadRival, NFT_INTERVAL, NFT_SET, type Rival } from './support/rivals.ts';
import { Blocks24, hostList4, inside4, randomHosts4 } from './support/sources.ts';

const HOSTS = 1_000_000;
const SOURCES = 1_000_000;
/** Frames in one run of the generator. */
const PIECE = 25_000;
/** Runs for one without loss. */
const MAX_TRIES = 10;

interface Contest {
  readonly name: string;
  readonly list: PrefixList;
  /** Sources in the list, and sources that are not. */
  readonly listed: Traffic;
  readonly strangers: Traffic;
  readonly rivals: readonly (readonly [Rival, Target | undefined])[];
}

/** Packets per second that one core drops and forwards, over a cable between two network namespaces. */
export async function live(bench: Bench): Promise<void> {
  const hosts = randomHosts4(bench.quick ? 1000 : HOSTS, 21);
  await contest(bench, {
    name: bench.quick ? '1k' : '1M',
    list: hostList4(hosts),
    listed: { from: 'hosts4', hosts },
    strangers: strangersTo(hostList4(hosts)),
    rivals: [
      [IPSET, shareAtLeast(4)],
      [NFT_SET, shareAtLeast(4)],
      [NFT_INTERVAL, shareAtLeast(10)],
    ],
  });
  if (bench.quick) return;
  const { countries4, real } = readFeeds(bench.say);
  await contest(bench, {
    name: real ? 'countries' : 'random-networks',
    list: countries4,
    listed: { from: 'hosts4', hosts: inside4(countries4, SOURCES, 22) },
    strangers: strangersTo(countries4),
    rivals: [
      [IPSET, undefined],
      [NFT_INTERVAL, undefined],
    ],
  });
}

function strangersTo(list: PrefixList): Traffic {
  const taken = new Blocks24();
  taken.addAll(list);
  return { from: 'hosts4', hosts: randomHosts4(SOURCES, 23, taken) };
}

/** One host under test: how it is told apart, and how it counts what it drops. */
interface Contender {
  readonly name: string;
  readonly wire: Wire;
  readonly dropped: () => number;
  readonly generators: Readonly<Record<'drop' | 'forward', Generator>>;
}

async function contest(bench: Bench, { name, list, listed, strangers, rivals }: Contest): Promise<void> {
  using owned = new Handles();
  const contender = (called: string, prepare: (wire: Wire) => () => number): Contender => {
    const wire = owned.use(new Wire());
    const dropped = prepare(wire);
    const generators = { drop: wire.generator(listed, 'host'), forward: wire.generator(strangers, 'behind') };
    return { name: called, wire, dropped, generators };
  };
  const xdp = (program: BpfProgram, wire: Wire) => wire.attach(program);
  const bare = contender('bare XDP_DROP', (wire) => {
    xdp(wire.baseline('drop_all'), wire);
    return () => wire.received();
  });
  const open = contender('no filter', () => () => 0);
  const filter = owned.use(new BenchFilter(ConfigSchema.parse({})));
  const netxfw = contender('netxfw', (wire) => {
    filter.lists([list]);
    xdp(filter.program(ConfigSchema.parse({})), wire);
    return () => {
      const { DROP_DENIED_HOST: host = 0, DROP_DENIED_NETWORK: network = 0 } = filter.tally();
      return host + network;
    };
  });
  const others = rivals.map(([rival, target]) => {
    bench.say(`live: ${name}, loading ${rival.name}`);
    return {
      target,
      ...contender(rival.name, (wire) => {
        const file = join(wire.lab.directory, 'list');
        rival.write(list, file);
        loadRival(rival, wire.fw, file);
        return () => wire.received() - wire.passed();
      }),
    };
  });

  bench.say(`live: ${name}, dropping`);
  const drops = await rates(bench, 'drop', [bare, netxfw, ...others]);
  const figure = { unit: 'Mpps', value: drops.netxfw! };
  bench.report({
    ...figure,
    name: `live.drop.${name}.bare`,
    baseline: drops[bare.name]!,
    beside: bare.name,
    target: shareAtLeast(0.75),
    shortfall:
      'a denied host costs accesses to 14 MB of tables, a network to 6 MB, and frames pass through the same caches; the bare program touches nothing',
  });
  for (const { name: rival, target } of others) {
    const key = rival.replaceAll(/[^a-z]+/g, '-');
    bench.report({
      ...figure,
      name: `live.drop.${name}.${key}`,
      baseline: drops[rival]!,
      beside: rival,
      target,
      shortfall:
        'what sending and receiving cost all of them leaves less time for the filter than the accesses to its tables take',
    });
  }
  bench.say(`live: ${name}, forwarding`);
  const forwards = await rates(bench, 'forward', [open, netxfw, ...others]);
  for (const { name: rival } of [open, ...others]) {
    const key = rival.replaceAll(/[^a-z]+/g, '-');
    const baseline = forwards[rival]!;
    bench.report({
      name: `live.forward.${name}.${key}`,
      unit: 'Mpps',
      value: forwards.netxfw!,
      baseline,
      beside: rival,
    });
  }
}

/** Million packets per second by contender. @throws Error when a packet that arrived was not judged as it should be */
async function rates(
  bench: Bench,
  what: 'drop' | 'forward',
  contenders: readonly Contender[],
): Promise<Readonly<Record<string, number>>> {
  const [pieces, rounds] = bench.quick ? [1, 1] : [what === 'drop' ? 20 : 8, 7];
  const run = (contender: Contender) => async () => {
    const times: number[] = [];
    for (let tries = 0; times.length < pieces; tries++) {
      if (tries > pieces * MAX_TRIES) throw new Error(`${contender.name}: the cable loses frames in nearly every run`);
      const ns = await send(contender, what);
      if (ns !== undefined) times.push(ns);
    }
    return median(times);
  };
  const entries = contenders.map((contender) => [contender.name, run(contender)] as const);
  const ns = await alternate(Object.fromEntries(entries), rounds);
  return Object.fromEntries(Object.entries(ns).map(([name, each]) => [name, 1000 / each]));
}

/** @returns ns per frame, undefined when the cable has lost some, because the receiving end did not get its time */
async function send(
  { name, wire, dropped, generators }: Contender,
  what: 'drop' | 'forward',
): Promise<number | undefined> {
  const before = { received: wire.received(), dropped: dropped(), sunk: wire.sunk() };
  const ns = generators[what].send(PIECE);
  const received = await settled(() => wire.received() - before.received, PIECE);
  const wanted = what === 'drop' ? received : 0;
  const really = await settled(() => dropped() - before.dropped, wanted);
  if (really !== wanted) throw new Error(`${name}: ${really} of ${received} packets were dropped, not ${wanted}`);
  const through = what === 'drop' ? received : await settled(() => wire.sunk() - before.sunk, PIECE);
  return through === PIECE ? ns : undefined;
}
