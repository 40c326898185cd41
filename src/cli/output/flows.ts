import type { Flow } from '../../model/conns.ts';
import { formatDuration } from '../../model/durations.ts';
import type { Column } from './table.ts';

/** `192.0.2.1:443`, `[2001:db8::1]:443`; without a port the address alone. */
export function formatPeer(address: string, port: number | null): string {
  if (port === null) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

export const FLOW_COLUMNS: readonly Column<Flow>[] = [
  { title: 'protocol', value: ({ protocol }) => protocol },
  { title: 'from here', value: ({ source, sourcePort }) => formatPeer(source, sourcePort) },
  {
    title: 'to',
    value: ({ destination, destinationPort, protocol }) =>
      formatPeer(destination, protocol.startsWith('icmp') ? null : destinationPort),
  },
  { title: 'state', value: ({ state }) => state },
  { title: 'ends in', value: ({ expiresIn }) => formatDuration(expiresIn), right: true },
  { title: 'last packet (UTC)', value: ({ lastSeen }) => lastSeen.slice(0, 19).replace('T', ' '), optional: true },
];
