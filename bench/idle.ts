import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { atMost, type Bench } from './figures.ts';
import { Daemon } from './support/daemon.ts';
import { cpuTime, memoryOf } from './support/processes.ts';
import { randomHosts4 } from './support/sources.ts';

const MB = 1e6;
const PIECE = 25_000;

/** What the daemon costs with a million rules: when nothing happens, and while a flood is dropped. */
export async function idle(bench: Bench): Promise<void> {
  const hosts = randomHosts4(bench.quick ? 1000 : 1_000_000, 51);
  const size = bench.quick ? '1k' : '1M';
  const seconds = bench.quick ? 1 : 10;
  using daemon = new Daemon('idle');
  await daemon.start();
  const before = memoryOf(daemon.pid, 'VmRSS')!;
  await daemon.import(daemon.write(hosts));
  await daemon.expectDenied(hosts);
  const after = memoryOf(daemon.pid, 'VmRSS')!;
  // The daemon gives back what the import needed when it sees that nothing else comes.
  await sleep(bench.quick ? 200 : 12_000);

  const quiet = await share(daemon, () => sleep(seconds * 1000));
  const generator = daemon.wire.generator({ from: 'hosts4', hosts }, 'host');
  let sent = 0;
  const from = { received: daemon.wire.received(), passed: daemon.wire.passed() };
  const started = performance.now();
  const flooded = await share(daemon, async () => {
    while (performance.now() - started < seconds * 1000) {
      generator.send(PIECE);
      sent += PIECE;
      await turn();
    }
  });
  const rate = sent / (performance.now() - started) / 1000;
  if (daemon.wire.passed() !== from.passed) throw new Error('packets of denied sources have passed');
  const limit = (value: number) => (bench.quick ? undefined : atMost(value));
  const memory = { unit: 'MB', baseline: before / MB, beside: 'without a rule' };
  bench.report({ ...memory, name: `idle.${size}.memory-after-import`, value: after / MB });
  bench.report({
    ...memory,
    name: `idle.${size}.memory`,
    value: memoryOf(daemon.pid, 'VmRSS')! / MB,
    target: limit(150),
    shortfall:
      '41 MB are the Node.js binary, 27 MB kernel maps that are mapped; after the import garbage is given back once',
  });
  bench.report({ name: `idle.${size}.cpu`, unit: '%', value: quiet, target: limit(0.5), note: 'of one core' });
  bench.report({
    name: `idle.${size}.cpu-under-flood`,
    unit: '%',
    value: flooded,
    baseline: quiet,
    beside: 'idle',
    note: `while ${rate.toFixed(1)} Mpps are dropped`,
  });
  await daemon.end('go');
}

/** Percent of one core that the daemon used meanwhile. */
async function share(daemon: Daemon, work: () => Promise<unknown>): Promise<number> {
  const [cpu, since] = [cpuTime(daemon.pid), performance.now()];
  await work();
  return (100 * (cpuTime(daemon.pid) - cpu)) / ((performance.now() - since) * 1e6);
}
