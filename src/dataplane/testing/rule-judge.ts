/** What ip+port rules say, worked out in the plainest way. */

import { covers, type Prefix } from '../../model/prefixes.ts';
import type { IpPortEntry } from '../policy-plane.ts';
import type { ClassEntry } from '../port-classes.ts';

export interface Question {
  readonly source: Prefix;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
}

/**
 * The rule that decides: the longest source prefix, then the specific protocol; where prefix and protocol are the same,
 * the narrower range of ports, then deny.
 */
export function decide(rules: readonly IpPortEntry[], { source, port, protocol }: Question): IpPortEntry | undefined {
  const matching = rules.filter(
    (rule) =>
      rule.from <= port &&
      port <= rule.to &&
      covers(rule.prefix, source) &&
      (rule.protocol === 'any' || rule.protocol === protocol),
  );
  return matching.sort(
    (a, b) =>
      b.prefix.length - a.prefix.length ||
      Number(a.protocol === 'any') - Number(b.protocol === 'any') ||
      a.to - a.from - (b.to - b.from) ||
      Number(a.action === 'allow') - Number(b.action === 'allow'),
  )[0];
}

/** The entry of a port class that decides, as the kernel program finds it. */
export function decideInClass(
  entries: readonly ClassEntry[],
  source: Prefix,
  protocol: 'tcp' | 'udp',
): ClassEntry | undefined {
  return decide(
    entries.map((entry) => ({ ...entry, from: 1, to: 1 })),
    { source, port: 1, protocol },
  );
}
