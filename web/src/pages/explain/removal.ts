import type { ExplainEntry } from '../../../../src/model/explain.ts';
import type { ChangeOptions } from '../../../../src/model/operations.ts';
import { parsePorts } from '../../../../src/model/ports.ts';
import type { Netxfw } from '../../../../src/sdk/types.ts';
import { isPrefix } from '../connections/filter.ts';

type Removal = (netxfw: Netxfw, options: ChangeOptions) => Promise<unknown>;

/** As explain names one: `192.0.2.0/24 port 443/tcp: deny`. */
const IP_PORT_RULE = /^(\S+) port (\S+): (?:allow|deny)$/;

/** How an entry is removed; null when it is none that can be removed by itself. */
export function removalOf({ map, key }: ExplainEntry): Removal | null {
  const rule = IP_PORT_RULE.exec(key);
  if (rule !== null) {
    const { from, to, protocol } = parsePorts(rule[2]!);
    const ports = from === to ? `${from}` : `${from}-${to}`;
    return (netxfw, options) => netxfw.ports.removeRule(rule[1]!, ports, protocol, options);
  }
  if (!isPrefix(key)) return null;
  switch (map) {
    case 'whitelist':
      return (netxfw, options) => netxfw.rules.remove(key, 'allow', options);
    case 'lock_list':
    case 'lock_hosts':
    case 'lock_hosts6':
      return (netxfw, options) => netxfw.rules.remove(key, 'deny', options);
    case 'dyn_lock_list':
      return (netxfw) => netxfw.dynamic.remove(key);
    case 'rate_limit':
      return (netxfw, options) => netxfw.limits.remove(key, options);
    default:
      return null;
  }
}
