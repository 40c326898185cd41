import { type Config, defaultConfig } from '../model/config.ts';
import { formatPorts } from '../model/ports.ts';
import { formatPrefix } from '../model/prefixes.ts';
import { isFromConfig } from './config-entries.ts';
import type { EngineCore } from './core.ts';

/** Keys of config.yaml, and how many entries they get that commands have made. */
export interface ConfigCopy {
  readonly values: Readonly<Record<string, unknown>>;
  readonly copied: number;
}

/**
 * What has to be set in config.yaml so that it says what commands have made: whitelist entries that do not expire, limits,
 * open ports and ip+port rules. Denied sources have no place there.
 */
export function configCopy(core: EngineCore, written: Config = defaultConfig()): ConfigCopy {
  const { limits, ports, ipPortRules } = core.policy;
  const fresh = <T>(layers: { readonly user: ReadonlyMap<string, T>; readonly config: ReadonlyMap<string, T> }) =>
    [...layers.user].filter(([key]) => !layers.config.has(key)).map(([, record]) => record);
  const additions = {
    whitelist: core.table.allow
      .groups()
      .filter(({ meta }) => !isFromConfig(meta) && meta.expiresAt === null)
      .flatMap(({ prefixes }) => Array.from(prefixes, formatPrefix)),
    'rate_limit.rules': fresh(limits).map(({ prefix, rate, burst }) => ({ ip: formatPrefix(prefix), rate, burst })),
    'port.allowed_ports': fresh(ports).map((range) =>
      range.from === range.to && range.protocol === 'any' ? range.from : formatPorts(range),
    ),
    'port.ip_port_rules': fresh(ipPortRules).map((rule) => ({
      ip: formatPrefix(rule.prefix),
      port: rule.from === rule.to ? rule.from : `${rule.from}-${rule.to}`,
      protocol: rule.protocol,
      action: rule.action,
      reason: rule.reason,
    })),
  };
  const present = {
    whitelist: written.whitelist,
    'rate_limit.rules': written.rate_limit.rules,
    'port.allowed_ports': written.port.allowed_ports,
    'port.ip_port_rules': written.port.ip_port_rules,
  };
  const changed = (Object.keys(additions) as (keyof typeof additions)[]).filter((key) => additions[key].length > 0);
  return {
    values: Object.fromEntries(changed.map((key) => [key, [...present[key], ...additions[key]]])),
    copied: changed.reduce((sum, key) => sum + additions[key].length, 0),
  };
}
