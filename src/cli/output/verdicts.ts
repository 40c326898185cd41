import type { VerdictEvent } from '../../model/events.ts';
import { PROTOCOLS } from '../../model/protocols.ts';
import { reasonLabel } from '../../model/reasons.ts';
import { formatPeer } from './flows.ts';
import type { Styles } from './style.ts';

const PROTOCOL_NAMES = new Map<number, string>(Object.entries(PROTOCOLS).map(([name, number]) => [number, name]));
/** From the lowest bit. */
const TCP_FLAGS = 'FSRPAUEC';

/** `12:00:00.123 drop denied_host  192.0.2.1:5555 > 198.51.100.1:22  tcp S  60 bytes  eth0` */
export function formatVerdict(event: VerdictEvent, { green, red, yellow }: Styles): string {
  const { at, verdict, reason, monitored, length, vlan } = event;
  const done = verdict === 'pass' ? green('pass ') : monitored ? yellow('would') : red('drop ');
  const parts = [at.slice(11, 23), done, reasonLabel(reason).padEnd(15), peers(event), protocolOf(event)];
  parts.push(`${length} bytes`, vlan === null ? event.interface : `${event.interface} vlan ${vlan}`);
  return parts.join('  ');
}

function peers({ source, destination, sourcePort, destinationPort, ethertype }: VerdictEvent): string {
  if (source === null || destination === null) return `EtherType 0x${ethertype.toString(16).padStart(4, '0')}`;
  return `${formatPeer(source, sourcePort)} > ${formatPeer(destination, destinationPort)}`;
}

function protocolOf({ protocol, tcpFlags, icmpType }: VerdictEvent): string {
  if (protocol === null) return '-';
  const name = PROTOCOL_NAMES.get(protocol) ?? `protocol ${protocol}`;
  if (icmpType !== null) return `${name} type ${icmpType}`;
  if (tcpFlags === null) return name;
  const flags = [...TCP_FLAGS].filter((_, bit) => tcpFlags & (1 << bit)).join('');
  return `${name} ${flags === '' ? 'no flags' : flags}`;
}
