import type { EntryInput, Setup } from '../support/packet-case.ts';
import { DEFAULTS, HOST, INTERFACES } from '../support/packet-case.ts';
import { address, network, text } from './address.ts';
import { readBogons } from './bogons.ts';
import { flowKey } from './flows.ts';
import { ICMP, ICMP6, TCP, UDP } from './parsed.ts';
import type { ListEntry, State } from './state.ts';

const PROTOCOLS = { tcp: TCP, udp: UDP, icmp: ICMP, icmp6: ICMP6 } as const;

function entry(input: EntryInput, now: number): ListEntry {
  if (typeof input === 'string') return { network: network(input), expiresAt: null };
  return { network: network(input[0]), expiresAt: now + input[1] * 1000 };
}

/** The state that a setup describes, at `now` (milliseconds). Interfaces are numbered as in INTERFACES. */
export function makeState(setup: Setup, now: number): State {
  const { allow = [], deny = [], dynamic = [], limits = [], rules = [], flows = [] } = setup;
  return {
    config: { ...DEFAULTS, ...setup.config },
    whitelist: allow.map((input) => entry(input, now)),
    denied: deny.map((input) => entry(input, now)),
    limits: limits.map(({ from, rate, burst }) => ({ network: network(from), rate, burst })),
    rules: rules.map(({ from, port, protocol = 'any', action }) => ({
      network: network(from),
      port,
      protocol,
      action,
    })),
    bogons: readBogons(),
    ownAddresses: HOST.addresses.map((own) => ({
      address: address(own),
      ifindex: own.startsWith('fe80:') ? INTERFACES.indexOf(HOST.on[own]) : null,
    })),
    routes: INTERFACES.flatMap((name, ifindex) =>
      HOST.routes[name].map((route) => ({ network: network(route), ifindex })),
    ),
    dynamic: new Map(
      dynamic.map((input) => {
        const { network, expiresAt } = entry(input, now);
        return [text(network), expiresAt];
      }),
    ),
    buckets: new Map(),
    flows: new Map(
      flows.map(({ protocol, from, to, ports, state, age = 0 }) => [
        flowKey({
          protocol: PROTOCOLS[protocol],
          source: address(from),
          destination: address(to),
          sourcePort: ports[0],
          destinationPort: ports[1],
        }),
        { state, lastSeen: now - age * 1000 },
      ]),
    ),
    fragments: new Map(),
  };
}
