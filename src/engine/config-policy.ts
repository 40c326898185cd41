import type { IpPortEntry, LimitEntry, OpenPorts } from '../dataplane/policy-plane.ts';
import type { Config } from '../model/config.ts';
import { parsePorts } from '../model/ports.ts';
import { parsePrefix } from '../model/prefixes.ts';

/** What the configuration says of limits, ports and ip+port rules. */
export interface ConfigPolicy {
  readonly limits: readonly LimitEntry[];
  readonly ports: OpenPorts;
  readonly ipPortRules: readonly IpPortEntry[];
}

/** The parts of a configuration that the engine itself keeps in force. */
export type EngineConfig = Pick<Config, 'mode' | 'stats_cache' | 'whitelist' | 'port' | 'rate_limit' | 'base'>;

export function configPolicy({ port, rate_limit, base }: EngineConfig): ConfigPolicy {
  return {
    limits: rate_limit.rules.map(({ ip, rate, burst }) => ({ prefix: parsePrefix(ip).prefix, rate, burst })),
    ports: { open: port.allowed_ports.map(parsePorts), failsafe: base.failsafe_ports },
    ipPortRules: port.ip_port_rules.map((rule): IpPortEntry => {
      const range = parsePorts(rule.port);
      return {
        prefix: parsePrefix(rule.ip).prefix,
        from: range.from,
        to: range.to,
        protocol: range.protocol === 'any' ? rule.protocol : range.protocol,
        action: rule.action,
        reason: rule.reason,
      };
    }),
  };
}
