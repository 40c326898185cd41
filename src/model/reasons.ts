/** Why a packet got its verdict: mirror of bpf/include/reasons.h (numbers are ABI; a test compares both). */
export const REASONS = {
  NONE: 0,
  PASS_DEFAULT: 1,
  PASS_WHITELIST: 2,
  PASS_CONNTRACK: 3,
  PASS_RELATED: 4,
  PASS_RULE: 5,
  PASS_PORT: 6,
  PASS_ICMP: 7,
  PASS_PROTOCOL: 8,
  PASS_NEIGHBOUR: 9,
  PASS_MLD: 10,
  PASS_DHCP: 11,
  PASS_FAILSAFE: 12,
  PASS_ARP: 13,
  PASS_NON_IP: 14,
  PASS_FRAGMENT: 15,
  PASS_PLUGIN: 16,
  DROP_MALFORMED: 32,
  DROP_TCP_FLAGS: 33,
  DROP_LAND: 34,
  DROP_BAD_SOURCE: 35,
  DROP_FRAGMENT: 36,
  DROP_BOGON: 37,
  DROP_REVERSE_PATH: 38,
  DROP_DYNAMIC: 39,
  DROP_DENIED_HOST: 40,
  DROP_DENIED_NETWORK: 41,
  DROP_RATE_LIMIT: 42,
  DROP_SYN_LIMIT: 43,
  DROP_ICMP_LIMIT: 44,
  DROP_RULE: 45,
  DROP_DEFAULT: 46,
  DROP_LATE_FRAGMENT: 47,
  DROP_ETHERTYPE: 48,
  DROP_PLUGIN: 49,
  DROP_VLAN_DEPTH: 50,
  DROP_EXT_HEADERS: 51,
} as const;

export type ReasonName = keyof typeof REASONS;
export type Verdict = 'pass' | 'drop';

/** Number of slots that `enum nx_reason` reserves. */
export const REASON_MAX = 64;

const DESCRIPTIONS: Record<ReasonName, string> = {
  NONE: 'no verdict',
  PASS_DEFAULT: 'the default policy is allow',
  PASS_WHITELIST: 'the source is whitelisted',
  PASS_CONNTRACK: 'reply to a tracked outgoing flow',
  PASS_RELATED: 'ICMP error that quotes a tracked flow',
  PASS_RULE: 'an ip+port rule allows it',
  PASS_PORT: 'the destination port is open',
  PASS_ICMP: 'ICMP is allowed',
  PASS_PROTOCOL: 'the protocol is allowed',
  PASS_NEIGHBOUR: 'IPv6 neighbour discovery',
  PASS_MLD: 'multicast listener discovery',
  PASS_DHCP: 'DHCP reply to this host',
  PASS_FAILSAFE: 'failsafe port',
  PASS_ARP: 'ARP',
  PASS_NON_IP: 'EtherType other than ARP, IPv4 and IPv6',
  PASS_FRAGMENT: 'later fragment of a passed first fragment',
  PASS_PLUGIN: 'a plugin decided',
  DROP_MALFORMED: 'truncated or lying header',
  DROP_TCP_FLAGS: 'impossible TCP flag combination',
  DROP_LAND: 'source equals destination',
  DROP_BAD_SOURCE: 'source address that cannot come from the wire',
  DROP_FRAGMENT: 'fragments are switched off',
  DROP_BOGON: 'special-purpose source address',
  DROP_REVERSE_PATH: 'no route back over this interface',
  DROP_DYNAMIC: 'the source is in the dynamic blacklist',
  DROP_DENIED_HOST: 'the source host is denied',
  DROP_DENIED_NETWORK: 'the source network is denied',
  DROP_RATE_LIMIT: 'the source is over its rate',
  DROP_SYN_LIMIT: 'the source is over its SYN budget',
  DROP_ICMP_LIMIT: 'the shared ICMP budget is used up',
  DROP_RULE: 'an ip+port rule denies it',
  DROP_DEFAULT: 'the default policy is deny',
  DROP_LATE_FRAGMENT: 'later fragment whose first was dropped',
  DROP_ETHERTYPE: 'EtherType is not allowed',
  DROP_PLUGIN: 'a plugin decided',
  DROP_VLAN_DEPTH: 'more than two VLAN tags',
  DROP_EXT_HEADERS: 'IPv6 extension header chain is too long',
};

const byNumber = new Map<number, ReasonName>(
  Object.entries(REASONS).map(([name, number]) => [number, name as ReasonName]),
);

/** Every reason in order of its number, NONE left out. */
export const REASON_NAMES: readonly ReasonName[] = (Object.keys(REASONS) as ReasonName[]).filter((n) => n !== 'NONE');

/** The reason's name; undefined for a number this version does not know. */
export function reasonName(number: number): ReasonName | undefined {
  return byNumber.get(number);
}

export function reasonVerdict(name: ReasonName): Verdict {
  return name.startsWith('DROP_') ? 'drop' : 'pass';
}

export function reasonDescription(name: ReasonName): string {
  return DESCRIPTIONS[name];
}

/** The reason as printed to users and used in metric labels: `DROP_DENIED_HOST` -> `denied_host`. */
export function reasonLabel(name: ReasonName): string {
  return name.replace(/^(PASS|DROP)_/, '').toLowerCase();
}
