import { covers, type Prefix, parsePrefix } from './prefixes.ts';

/** Sources that nobody on the public Internet has: mirror of bpf/include/bogons.h (a test compares both). */
export const BOGONS = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '64:ff9b:1::/48',
  '100::/64',
  '100:0:0:1::/64',
  '2001:2::/48',
  '2001:10::/28',
  '2001:db8::/32',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'ff00::/8',
  '::/128',
  '::1/128',
] as const;

let networks: readonly Prefix[] | undefined;

export function isBogon(source: Prefix): boolean {
  networks ??= BOGONS.map((text) => parsePrefix(text).prefix);
  return networks.some((network) => covers(network, source));
}
