/** What the packet filter decides about a new connection from a source, told from the policy alone. */
import { isBogon } from './bogons.ts';
import type { IpPortAction } from './open-ports.ts';
import type { PortProtocol, PortRange } from './ports.ts';
import { covers, isHost, type Prefix, prefix6 } from './prefixes.ts';
import { type ReasonName, reasonVerdict, type Verdict } from './reasons.ts';

/** Rule fields that decide. */
export interface JudgedRule {
  readonly prefix: Prefix;
  readonly from: number;
  readonly to: number;
  readonly protocol: PortProtocol;
  readonly action: IpPortAction;
}

/** A policy, as far as it judges sources and ports. Look-ups leave expired entries out. */
export interface JudgedPolicy {
  readonly defaultDeny: boolean;
  /** Special-purpose sources are dropped. */
  readonly bogonFilter: boolean;
  readonly openPorts: readonly PortRange[];
  /** TCP. */
  readonly failsafePorts: readonly number[];
  /** Numbers. */
  readonly allowedProtocols: readonly number[];
  readonly rules: Iterable<JudgedRule>;
  allowed(source: Prefix): Prefix | null;
  dynamic(source: Prefix): Prefix | null;
  denied(source: Prefix): Prefix | null;
}

/** A first packet: TCP means a SYN. Without a service only what judges sources is asked. */
export interface JudgedPacket {
  /** A network stands for those of its addresses that have no entry of their own. */
  readonly source: Prefix;
  readonly service?: { readonly protocol: 'tcp' | 'udp'; readonly port: number };
}

/** The verdict and the entry that made it; null when none did. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly reason: ReasonName;
  readonly prefix: Prefix | null;
}

const PROTOCOL_NUMBER = { tcp: 6, udp: 17 } as const;

/** In the kernel's order. Budgets and tracked flows are left out: they depend on what came before. */
export function judge(policy: JudgedPolicy, { source, service }: JudgedPacket): Judgement {
  const allowed = policy.allowed(source);
  if (allowed !== null) return judged('PASS_WHITELIST', allowed);
  if (policy.bogonFilter && isBogon(source)) return judged('DROP_BOGON', null);
  const dynamic = policy.dynamic(source) ?? (source.family === 6 ? policy.dynamic(network64(source)) : null);
  if (dynamic !== null) return judged('DROP_DYNAMIC', dynamic);
  const denied = policy.denied(source);
  if (denied !== null) return judged(isHost(denied) ? 'DROP_DENIED_HOST' : 'DROP_DENIED_NETWORK', denied);
  if (service === undefined) return judged(policy.defaultDeny ? 'DROP_DEFAULT' : 'PASS_DEFAULT', null);
  const { protocol, port } = service;
  const rule = decidingRule(policy.rules, source, protocol, port);
  if (rule !== null) return judged(rule.action === 'allow' ? 'PASS_RULE' : 'DROP_RULE', rule.prefix);
  if (!policy.defaultDeny) return judged('PASS_DEFAULT', null);
  if (protocol === 'tcp' && policy.failsafePorts.includes(port)) return judged('PASS_FAILSAFE', null);
  if (policy.openPorts.some((range) => holds(range, protocol, port))) return judged('PASS_PORT', null);
  if (policy.allowedProtocols.includes(PROTOCOL_NUMBER[protocol])) return judged('PASS_PROTOCOL', null);
  return judged('DROP_DEFAULT', null);
}

/** Longest prefix, then the specific protocol, then the narrower range, then deny. */
function decidingRule(
  rules: Iterable<JudgedRule>,
  source: Prefix,
  protocol: 'tcp' | 'udp',
  port: number,
): JudgedRule | null {
  let best: JudgedRule | null = null;
  for (const rule of rules) {
    if (!holds(rule, protocol, port) || !covers(rule.prefix, source)) continue;
    if (best === null || precedes(rule, best)) best = rule;
  }
  return best;
}

function precedes(a: JudgedRule, b: JudgedRule): boolean {
  if (a.prefix.length !== b.prefix.length) return a.prefix.length > b.prefix.length;
  if ((a.protocol === 'any') !== (b.protocol === 'any')) return b.protocol === 'any';
  const [widthA, widthB] = [a.to - a.from, b.to - b.from];
  return widthA === widthB ? a.action === 'deny' && b.action === 'allow' : widthA < widthB;
}

function holds(range: PortRange, protocol: 'tcp' | 'udp', port: number): boolean {
  return range.from <= port && port <= range.to && (range.protocol === 'any' || range.protocol === protocol);
}

function judged(reason: ReasonName, prefix: Prefix | null): Judgement {
  return { verdict: reasonVerdict(reason), reason, prefix };
}

function network64({ words, length }: Prefix): Prefix {
  return prefix6(words, Math.min(64, length));
}
