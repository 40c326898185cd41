import { readdirSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { covers, formatPrefix, type Prefix, parseAddress, parsePrefix } from '../model/prefixes.ts';

/** Addresses change rarely; milliseconds. */
const REFRESH = 5000;

const NEVER = [
  ['127.0.0.0/8', 'a loopback address'],
  ['::1', 'a loopback address'],
  ['0.0.0.0/8', 'no address of a host'],
  ['::', 'no address of a host'],
  ['224.0.0.0/3', 'no address of a host'],
  ['ff00::/8', 'no address of a host'],
].map(([text, why]) => ({ prefix: parsePrefix(text!).prefix, why: why! }));

export interface HostFacts {
  own(): readonly string[];
  gateways(): readonly string[];
  nameServers(): readonly string[];
  /** From where somebody is logged in. */
  sessions?(): readonly string[];
}

/** Addresses without which this host cannot work, whatever a line of a log says of them. */
export class ProtectedAddresses {
  readonly #facts: HostFacts;
  readonly #now: () => number;
  #known: { readonly prefix: Prefix; readonly why: string }[] = [];
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(facts: HostFacts = hostFacts, now: () => number = Date.now) {
    this.#facts = facts;
    this.#now = now;
  }

  /** Why an address must not be blocked; undefined when it may be. */
  reason(host: Prefix): string | undefined {
    return [...NEVER, ...this.#current()].find(({ prefix }) => covers(prefix, host))?.why;
  }

  /** All of them. */
  addresses(): readonly Prefix[] {
    return this.#current().map(({ prefix }) => prefix);
  }

  /** True when a network holds one of them. */
  inside(network: Prefix): boolean {
    return this.#current().some(({ prefix }) => covers(network, prefix));
  }

  #current() {
    if (this.#now() - this.#readAt < REFRESH) return this.#known;
    this.#readAt = this.#now();
    const { own, gateways, nameServers } = this.#facts;
    this.#known = [
      ...parsed(own(), "one of this host's own addresses"),
      ...parsed(gateways(), "this host's gateway"),
      ...parsed(nameServers(), "this host's name server"),
      ...parsed(this.#facts.sessions?.() ?? [], 'an address from which somebody is logged in'),
    ];
    return this.#known;
  }
}

function parsed(texts: readonly string[], why: string) {
  return texts.flatMap((text) => {
    try {
      return [{ prefix: parseAddress(text.replace(/%.*/, '')), why }];
    } catch {
      return [];
    }
  });
}

/** One file for each session, by systemd-logind. */
const SESSIONS = '/run/systemd/sessions';

/**
 * Where those who are logged in come from. A connection alone would not do: whoever guesses passwords has one, too.
 * @param directory of systemd-logind
 */
export function sessionHosts(directory: string): string[] {
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const text = contentOf(join(directory, name));
    const host = /^REMOTE_HOST=(\S+)$/m.exec(text)?.[1];
    return host === undefined || /^STATE=closing$/m.test(text) ? [] : [host];
  });
}

const hostFacts: HostFacts = {
  own: () => Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ address }) => address)),
  gateways: () => [...gateways4(contentOf('/proc/net/route')), ...gateways6(contentOf('/proc/net/ipv6_route'))],
  sessions: () => sessionHosts(SESSIONS),
  nameServers: () => [...contentOf('/etc/resolv.conf').matchAll(/^\s*nameserver\s+(\S+)/gm)].map(([, text]) => text!),
};

/** /proc/net/route: the third column is the gateway, hexadecimal in the byte order of the machine (little endian). */
export function gateways4(table: string): string[] {
  return table
    .split('\n')
    .map((line) => line.split('\t')[2] ?? '')
    .filter((hex) => /^[0-9A-F]{8}$/.test(hex) && hex !== '00000000')
    .map((hex) => [...Buffer.from(hex, 'hex').reverse()].join('.'));
}

/** /proc/net/ipv6_route: the fifth column is the next hop. */
export function gateways6(table: string): string[] {
  return table
    .split('\n')
    .map((line) => line.split(/\s+/)[4] ?? '')
    .filter((hex) => /^[0-9a-f]{32}$/.test(hex) && !/^0+$/.test(hex))
    .map((hex) => formatPrefix(parseAddress(hex.replace(/(.{4})(?!$)/g, '$1:'))));
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
