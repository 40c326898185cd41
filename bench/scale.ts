import { join } from 'node:path';
import { Lab } from '../test/support/lab.ts';
import type { Bench } from './figures.ts';
import { PacketLab } from './packet/lab.ts';
import { scenarios } from './packet/scenarios.ts';
import { alternateScenario } from './packet.ts';
import { Daemon } from './support/daemon.ts';
import { timed } from './support/processes.ts';
import { IPSET, NFT_SET } from './support/rivals.ts';
import { hostList4, randomHosts4 } from './support/sources.ts';

/** The last one nearly fills the default capacity. */
const SIZES = [1000, 10_000, 100_000, 300_000, 1_000_000, 1_900_000];
const QUICK_SIZES = [1000];
const SHOWN = ['pass', 'denied-host', 'denied-network'];
/** The interval set would take minutes for the last sizes. */
const RIVALS = { ipset: IPSET, 'nft-set': NFT_SET };

/** How costs grow with the number of entries: ns per packet with everything on, and milliseconds of a load. */
export async function scale(bench: Bench): Promise<void> {
  const sizes = bench.quick ? QUICK_SIZES : SIZES;
  using lab = new PacketLab(4);
  for (const entries of sizes) {
    bench.say(`scale: ${entries} entries`);
    lab.fill(entries);
    const on = scenarios(lab).filter(({ name, profile }) => profile === 'on' && SHOWN.includes(name));
    for (const scenario of on) {
      const { value, baseline } = await alternateScenario(bench, lab, scenario);
      bench.report({
        name: `scale.packet.${scenario.name}.${entries}`,
        unit: 'ns',
        value,
        baseline,
        beside: 'parse only',
      });
    }
  }
  for (const entries of sizes) {
    bench.say(`scale: loading ${entries} addresses`);
    const hosts = randomHosts4(entries, 81);
    const value = await importOnce(hosts);
    for (const [name, rival] of Object.entries(RIVALS)) {
      const world = Lab.create();
      const file = join(world.directory, 'list');
      rival.write(hostList4(hosts), file);
      const { milliseconds: baseline } = await timed(world.fw, [...rival.load, file]);
      world.dispose();
      bench.report({ name: `scale.load.${name}.${entries}`, unit: 'ms', value, baseline, beside: rival.name });
    }
  }
}

async function importOnce(hosts: Uint32Array): Promise<number> {
  using daemon = new Daemon('scale');
  await daemon.start();
  const { milliseconds } = await daemon.import(daemon.write(hosts));
  await daemon.expectDenied(hosts);
  await daemon.end('go');
  return milliseconds;
}
