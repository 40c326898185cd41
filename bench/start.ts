import { atMost, type Bench } from './figures.ts';
import { alternate } from './rounds.ts';
import { Daemon } from './support/daemon.ts';
import { randomHosts4 } from './support/sources.ts';

/** Start of the daemon until its socket answers: the filter is in force then. */
export async function start(bench: Bench): Promise<void> {
  const hosts = randomHosts4(bench.quick ? 1000 : 1_000_000, 41);
  const size = bench.quick ? '1k' : '1M';
  using empty = new Daemon('empty');
  using full = new Daemon('full');
  await empty.start();
  await full.start();
  await full.import(full.write(hosts));
  await full.expectDenied(hosts);
  await empty.end('go');
  await full.end('go');
  const ms = await alternate(
    {
      empty: () => restart(empty, 'go'),
      absent: () => restart(full, 'go', hosts),
      present: () => restart(full, 'stay', hosts),
    },
    bench.quick ? 1 : 5,
  );
  const figure = { unit: 'ms', baseline: ms.empty, beside: 'start without a rule' };
  const target = bench.quick ? undefined : atMost(1500);
  bench.report({ ...figure, name: `start.${size}.maps-gone`, value: ms.absent, target });
  bench.report({ ...figure, name: `start.${size}.maps-there`, value: ms.present });
}

/** Starts a daemon that does not run, and ends it again. @returns milliseconds of the start */
async function restart(daemon: Daemon, maps: 'stay' | 'go', hosts?: Uint32Array): Promise<number> {
  if (maps === 'stay') {
    await daemon.start();
    await daemon.end('stay');
  }
  const took = await daemon.start();
  if (hosts !== undefined) await daemon.expectDenied(hosts);
  await daemon.end('go');
  return took;
}
