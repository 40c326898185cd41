import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Namespace } from './netns.ts';
import { type Background, until } from './process.ts';

/** dnsmasq in a namespace, with nothing of the machine's own configuration. Ends with the namespace at the latest. */
export async function startDnsmasq(at: Namespace, directory: string, lines: readonly string[]): Promise<Background> {
  const file = join(directory, 'dnsmasq.conf');
  const fixed = [
    'keep-in-foreground',
    'user=root',
    'no-resolv',
    'no-hosts',
    `pid-file=${join(directory, 'dnsmasq.pid')}`,
  ];
  const leases = `dhcp-leasefile=${join(directory, 'dnsmasq.leases')}`;
  writeFileSync(file, `${[...fixed, leases, 'log-facility=-', ...lines].join('\n')}\n`);
  const server = at.start(['dnsmasq', `--conf-file=${file}`]);
  await until('dnsmasq', () => {
    if (server.status !== undefined) throw new Error(`dnsmasq ended: ${server.stderr}`);
    return server.stderr.includes('started');
  });
  return server;
}
