import { formatAddress4 } from '../src/model/prefixes.ts';
import { NETXFW } from '../test/support/instance.ts';
import { type Bench, shareAtMost } from './figures.ts';
import { alternate } from './rounds.ts';
import { Daemon } from './support/daemon.ts';
import { timed } from './support/processes.ts';

const FIRST = 0x0b00_0000;

/** One command to a running daemon, beside the start of Node.js itself. */
export async function cli(bench: Bench): Promise<void> {
  using daemon = new Daemon('cli');
  await daemon.start();
  const { instance } = daemon;
  let denied = 0;
  const run = async (...args: string[]) => {
    const { milliseconds } = await timed(instance.at, [NETXFW, '-c', instance.configFile, ...args]);
    return milliseconds;
  };
  const ms = await alternate(
    {
      node: async () => (await timed(instance.at, ['node', '-e', '0'])).milliseconds,
      deny: () => run('deny', formatAddress4(FIRST + denied++)),
      list: () => run('list'),
      stats: () => run('stats'),
    },
    bench.quick ? 2 : 15,
  );
  const { rules } = await daemon.sdk.system.status();
  if (rules.deny !== denied) throw new Error(`${denied} addresses were denied, and ${rules.deny} rules are there`);
  for (const name of ['deny', 'list', 'stats'] as const) {
    const target = name === 'deny' ? shareAtMost(2) : undefined;
    bench.report({ name: `cli.${name}`, unit: 'ms', value: ms[name], baseline: ms.node, beside: 'node -e 0', target });
  }
  await daemon.end('go');
}
