import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PrefixList } from '../src/model/prefix-list.ts';
import { formatPrefix } from '../src/model/prefixes.ts';
import { Lab } from '../test/support/lab.ts';
import { atMost, type Bench, type Target } from './figures.ts';
import { median } from './rounds.ts';
import { Daemon } from './support/daemon.ts';
import { readFeeds } from './support/feeds.ts';
import { memoryOf, timed } from './support/processes.ts';
import { IPSET, NFT_INTERVAL, NFT_SET, type Rival } from './support/rivals.ts';
import { hostList4, randomHosts4 } from './support/sources.ts';

const MB = 1e6;
/** Maps without which no host could be listed. */
const HOST_MAPS = ['lock_hosts4', 'lock_hosts6', 'src_index4', 'src_touched4', 'src_index6'];

/** From the start of the command to packets dropped and rules on disk, beside the tools of the kernel's own sets. */
export async function load(bench: Bench): Promise<void> {
  const hosts = randomHosts4(bench.quick ? 1000 : 1_000_000, 31);
  const rounds = bench.quick ? 1 : 3;
  const rivals = { ipset: IPSET, 'nft-set': NFT_SET, 'nft-interval-set': NFT_INTERVAL };
  const own: number[] = [];
  const others = new Map<string, Loaded[]>();
  const once = bench.quick ? ['ipset', 'nft-set', 'nft-interval-set'] : ['ipset', 'nft-set'];
  for (let round = 0; round < rounds; round++) {
    bench.say(`load: round ${round + 1} of ${rounds}`);
    own.push(await importHosts(bench, hosts, round === 0));
    for (const [name, rival] of Object.entries(rivals)) {
      // The slowest by far is loaded once.
      if (round > 0 && !once.includes(name)) continue;
      others.set(name, [...(others.get(name) ?? []), await loadOnce(rival, hostList4(hosts))]);
    }
  }
  const size = bench.quick ? '1k' : '1M';
  const value = median(own);
  bench.report({ name: `load.${size}`, unit: 'ms', value, target: bench.quick ? undefined : atMost(1000) });
  const shares: Readonly<Record<string, number>> = { ipset: 1 / 3, 'nft-set': 1 / 4, 'nft-interval-set': 1 / 4 };
  for (const [name, loaded] of others) {
    const baseline = median(loaded.map(({ milliseconds }) => milliseconds));
    const target = bench.quick ? undefined : shareOf(shares[name]!);
    bench.report({
      name: `load.${size}.${name}`,
      unit: 'ms',
      value,
      baseline,
      beside: rivalText(name),
      target,
      shortfall: name === 'nft-set' ? 'nft loads a plain set in half of the time for which the aim was set' : undefined,
    });
    bench.report({
      name: `load.${size}.${name}.process`,
      unit: 'MB',
      value: peaks.daemon / MB,
      baseline: Math.max(...loaded.map(({ peak }) => peak)) / MB,
      beside: rivalText(name),
      note: 'the daemon after the import beside the loading process',
    });
  }
  const ipset = others.get('ipset')![0]!.kernel;
  bench.report({
    name: `load.${size}.kernel`,
    unit: 'MB',
    value: peaks.kernel / MB,
    baseline: ipset / MB,
    beside: 'ipset',
    target: bench.quick ? undefined : atMost(24),
    note: 'host tables and source index',
  });
  if (!bench.quick) await countries(bench);
}

const shareOf = (share: number): Target => ({
  text: `<= 1/${Math.round(1 / share)} of baseline`,
  met: (value, baseline) => value <= baseline * share,
});
const rivalText = (name: string): string => (name === 'ipset' ? 'ipset restore' : `nft -f, ${name.slice(4)}`);

const peaks = { daemon: 0, kernel: 0 };

/** @returns milliseconds of `netxfw rule import` */
async function importHosts(bench: Bench, hosts: Uint32Array, look: boolean): Promise<number> {
  using daemon = new Daemon('load');
  await daemon.start();
  const file = daemon.write(hosts);
  const { milliseconds } = await daemon.import(file);
  await daemon.expectDenied(hosts);
  if (look) {
    peaks.daemon = memoryOf(daemon.pid, 'VmRSS')!;
    peaks.kernel = daemon.kernelMemory(HOST_MAPS);
    // Whatever happens now, a new start must find them.
    await daemon.end('go');
    await daemon.start();
    await daemon.expectDenied(hosts);
    bench.say('load: rules were on disk');
  }
  await daemon.end('go');
  return milliseconds;
}

interface Loaded {
  readonly milliseconds: number;
  readonly peak: number;
  /** Bytes, NaN when the tool does not say. */
  readonly kernel: number;
}

async function loadOnce(rival: Rival, list: PrefixList): Promise<Loaded> {
  const lab = Lab.create();
  try {
    const file = join(lab.directory, 'list');
    rival.write(list, file);
    const { milliseconds, peak } = await timed(lab.fw, [...rival.load, file]);
    return { milliseconds, peak, kernel: rival.memory?.(lab.fw) ?? Number.NaN };
  } finally {
    lab.dispose();
  }
}

/** All networks of all countries, both families. */
async function countries(bench: Bench): Promise<void> {
  const { countries4, countries6, real } = readFeeds(bench.say);
  using daemon = new Daemon('countries');
  await daemon.start();
  const file = join(daemon.wire.lab.directory, 'countries.txt');
  writeFileSync(file, `${[...countries4, ...countries6].map(formatPrefix).join('\n')}\n`);
  const { milliseconds } = await daemon.import(file);
  const baseline = (await loadOnce(NFT_INTERVAL, countries4)).milliseconds;
  const name = real ? 'countries' : 'random-networks';
  const note = `${countries4.size} IPv4 and ${countries6.size} IPv6 networks, beside the IPv4 ones alone`;
  bench.report({
    name: `load.${name}`,
    unit: 'ms',
    value: milliseconds,
    baseline,
    beside: rivalText('nft-interval-set'),
    note,
  });
  await daemon.end('go');
}
