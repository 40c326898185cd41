import { NetxfwError } from '../model/errors.ts';
import { formatPorts, type PortProtocol, parsePorts } from '../model/ports.ts';
import { parsePrefix } from '../model/prefixes.ts';

/** What `allow` and `deny` take: a source, or a source and the ports of this host that it is about. */
export interface Endpoint {
  /** As it was typed, so that the engine can say what it masked. */
  readonly prefix: string;
  readonly target: PortTarget | null;
}

export interface PortTarget {
  /** `443` or `8080-8090`. */
  readonly ports: string;
  readonly protocol: PortProtocol;
}

/**
 * Parses `IP[/LENGTH][:PORTS[/PROTOCOL]]`; an IPv6 source with ports stands in brackets: `[2001:db8::/32]:443/tcp`.
 * @throws NetxfwError INVALID_ADDRESS, INVALID_PORT
 */
export function parseEndpoint(text: string): Endpoint {
  const bracketed = /^\[([^\]]*)\](\/\d{1,3})?(?::(.*))?$/.exec(text);
  if (bracketed !== null) {
    const [, address = '', length = '', ports] = bracketed;
    if (!address.includes(':')) throw unreadable(text);
    return endpoint(text, address + length, ports);
  }
  const colons = text.split(':').length - 1;
  if (colons !== 1) return endpoint(text, text, undefined);
  const at = text.indexOf(':');
  return endpoint(text, text.slice(0, at), text.slice(at + 1));
}

function endpoint(text: string, prefix: string, ports: string | undefined): Endpoint {
  try {
    parsePrefix(prefix);
  } catch (error) {
    throw looksBracketless(text) || prefix !== text ? unreadable(text) : error;
  }
  if (ports === undefined) return { prefix, target: null };
  const range = parsePorts(ports);
  return { prefix, target: { ports: formatPorts({ ...range, protocol: 'any' }), protocol: range.protocol } };
}

/** An IPv6 address with a port after it, but without the brackets. */
function looksBracketless(text: string): boolean {
  return /:.*:\d+\/(tcp|udp)$/.test(text);
}

function unreadable(text: string): NetxfwError {
  const named = looksBracketless(text) || /[[\]]/.test(text);
  return new NetxfwError(
    'INVALID_ADDRESS',
    `"${text}" is not an IP address or network`,
    named ? { hint: 'A port after an IPv6 address: [2001:db8::1]:443/tcp or [2001:db8::/32]:443.' } : {},
  );
}

/** `192.0.2.1:22/tcp`, `[2001:db8::1]:443` */
export function formatEndpoint(prefix: string, { ports, protocol }: PortTarget): string {
  const source = prefix.includes(':') ? `[${prefix}]` : prefix;
  return `${source}:${ports}${protocol === 'any' ? '' : `/${protocol}`}`;
}
