import { setImmediate as turn } from 'node:timers/promises';
import { atMost, type Bench } from './figures.ts';
import { settled } from './live/wire.ts';
import { median } from './rounds.ts';
import { Daemon } from './support/daemon.ts';
import { randomHosts4 } from './support/sources.ts';

const PIECE = 25_000;

/** A configuration that changes while denied sources flood the host: how long it takes, and whether one packet slips through. */
export async function reload(bench: Bench): Promise<void> {
  const hosts = randomHosts4(bench.quick ? 1000 : 1_000_000, 61);
  const size = bench.quick ? '1k' : '1M';
  const rounds = bench.quick ? 1 : 7;
  using daemon = new Daemon('reload');
  await daemon.start();
  await daemon.import(daemon.write(hosts));
  await daemon.expectDenied(hosts);
  const { sdk, wire } = daemon;
  const passed = wire.passed();
  const kinds = {
    // Everything is judged by another program afterwards, or by other tables.
    incremental: (round: number) => ({ 'base.strict_protocol': round % 2 === 0 }),
    full: (round: number) => ({ 'capacity.lock_hosts': 2_000_000 + 1000 * (round + 1) }),
  };
  for (const kind of ['incremental', 'full'] as const) {
    const quiet: number[] = [];
    const busy: number[] = [];
    const change = async (round: number, times: number[]) => {
      const since = performance.now();
      const result = await sdk.config.set(kinds[kind](round));
      times.push(performance.now() - since);
      if (result.kind !== kind) throw new Error(`the reload was ${result.kind}, because ${result.because}`);
    };
    for (let round = 0; round < rounds; round++) await change(round, quiet);
    const rate = await flooded(daemon, hosts, async () => {
      for (let round = 0; round < rounds; round++) await change(rounds + round, busy);
    });
    const target = atMost(kind === 'incremental' ? 100 : 2000);
    bench.report({
      name: `reload.${size}.${kind}`,
      unit: 'ms',
      value: median(quiet),
      target: bench.quick ? undefined : target,
    });
    bench.report({
      name: `reload.${size}.${kind}-under-flood`,
      unit: 'ms',
      value: median(busy),
      baseline: median(quiet),
      beside: 'without traffic',
      note: `${rate.toFixed(1)} Mpps on one core, 0 of them judged wrongly`,
    });
  }
  const slipped = (await settled(() => wire.passed() - passed, 0)) as number;
  if (slipped !== 0) throw new Error(`${slipped} packets of denied sources have passed`);
  await daemon.end('go');
}

/** Sends while `work` runs. @returns million packets per second while it sent */
async function flooded({ wire }: Daemon, hosts: Uint32Array, work: () => Promise<void>): Promise<number> {
  const generator = wire.generator({ from: 'hosts4', hosts }, 'host');
  let done = false;
  const finished = work().finally(() => {
    done = true;
  });
  const times: number[] = [];
  do {
    times.push(generator.send(PIECE));
    await turn();
  } while (!done);
  await finished;
  return 1000 / median(times);
}
