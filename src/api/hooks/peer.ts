import { isIPv6 } from 'node:net';
import { formatPrefix, parsePrefix } from '../../model/prefixes.ts';

/** Who shares a budget: an IPv4 address, or an IPv6 /64, of which one host may use every address. */
export function networkOf(address: string): string {
  const plain = withoutZone(address);
  if (!isIPv6(plain) || plain.startsWith('::ffff:')) return plain;
  return formatPrefix(parsePrefix(`${plain}/64`).prefix);
}

export function isLoopback(address: string): boolean {
  const plain = withoutZone(address).replace(/^::ffff:/, '');
  return plain === '::1' || plain.startsWith('127.');
}

/** `fe80::1%eth0` -> `fe80::1`, `::ffff:192.0.2.1` stays. */
export function withoutZone(address: string): string {
  return address.split('%', 1)[0]!;
}
