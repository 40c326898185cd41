import { connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { formatAddress4 } from '../src/model/prefixes.ts';
import { atLeast, type Bench } from './figures.ts';
import { median } from './rounds.ts';
import { Daemon } from './support/daemon.ts';
import { randomHosts4 } from './support/sources.ts';

const FIRST = 0x0b00_0000;
const PIECE = 25_000;

/** What one connection to the API gets done. Times are those of a client that waits for its answers. */
export async function api(bench: Bench): Promise<void> {
  using daemon = new Daemon('api');
  await daemon.start();
  const { sdk, instance } = daemon;
  const target = (rate: number) => (bench.quick ? undefined : atLeast(rate));
  const rounds = bench.quick ? 1 : 5;

  const singles = bench.quick ? 20 : 300;
  let denied = 0;
  const single = await perSecond(rounds, singles, async () => {
    for (let i = 0; i < singles; i++) await sdk.rules.add({ list: 'deny', prefix: formatAddress4(FIRST + denied++) });
  });
  bench.report({
    name: 'api.rules.single',
    unit: '/s',
    value: single,
    target: target(500),
    note: 'each on disk before its answer',
  });

  const bulk = bench.quick ? 1000 : 300_000;
  let seed = 71;
  const added = await perSecond(rounds, bulk, async () => {
    const text = Array.from(randomHosts4(bulk, seed++), formatAddress4).join('\n');
    const { read } = await sdk.rules.import({ list: 'deny', data: Buffer.from(`${text}\n`) });
    if (read !== bulk) throw new Error(`${read} of ${bulk} lines were read`);
  });
  bench.report({ name: 'api.rules.bulk', unit: '/s', value: added, target: target(300_000) });
  const { deny } = (await sdk.system.status()).rules;
  if (deny < denied || deny > denied + rounds * bulk) throw new Error(`${deny} rules cannot be right`);

  const reads = bench.quick ? 100 : 5000;
  const stats = await perSecond(rounds, reads, () => pipelined(instance.socket, '/api/stats', reads));
  bench.report({
    name: 'api.stats',
    unit: '/s',
    value: stats,
    target: target(5000),
    note: 'one connection, pipelined',
  });

  await streamed(bench, daemon);
  await daemon.end('go');
}

async function perSecond(rounds: number, count: number, run: () => Promise<void>): Promise<number> {
  const rates: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const since = performance.now();
    await run();
    rates.push((1000 * count) / (performance.now() - since));
  }
  return median(rates);
}

/** Sends all requests at once on one connection. @throws Error unless every answer is 200 */
function pipelined(path: string, url: string, count: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(path);
    let answers = 0;
    let rest = '';
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      const text = rest + chunk.toString('latin1');
      const lines = text.match(/HTTP\/1\.1 \d{3}/g) ?? [];
      const bad = lines.find((line) => !line.endsWith('200'));
      if (bad !== undefined) reject(new Error(`the API answered ${bad}`));
      answers += lines.length;
      // A status line may be cut; one that was counted must not be counted again.
      rest = text.slice(Math.max(text.lastIndexOf('HTTP/1.1 ') + 12, text.length - 11));
      if (answers < count) return;
      socket.destroy();
      resolve();
    });
    socket.write(`GET ${url} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(count));
  });
}

/** Verdicts that reach a reader of the event stream while a flood is dropped. */
async function streamed(bench: Bench, daemon: Daemon): Promise<void> {
  const hosts = randomHosts4(1000, 79);
  await daemon.sdk.rules.import({
    list: 'deny',
    data: Buffer.from(`${Array.from(hosts, formatAddress4).join('\n')}\n`),
  });
  const stop = new AbortController();
  let seen = 0;
  const reader = (async () => {
    for await (const event of daemon.sdk.events.verdicts({}, stop.signal)) if ('verdict' in event) seen++;
  })().catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  const generator = daemon.wire.generator({ from: 'hosts4', hosts }, 'host');
  const seconds = bench.quick ? 2 : 5;
  const since = performance.now();
  while (performance.now() - since < seconds * 1000) {
    generator.send(PIECE);
    for (let i = 0; i < 20; i++) await turn();
  }
  const rate = (1000 * seen) / (performance.now() - since);
  stop.abort();
  await reader;
  if (seen === 0) throw new Error('no verdict has reached the stream');
  const note = 'events.drops_per_second allows 1000 of each reason';
  bench.report({ name: 'api.events', unit: '/s', value: rate, note });
}
