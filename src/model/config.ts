import * as z from 'zod';
import { crowdsecSchema } from './config-crowdsec.ts';
import { feedsSchema } from './config-feeds.ts';
import {
  absolutePath,
  choice,
  duration,
  flag,
  integer,
  interfaceName,
  list,
  listenAddress,
  listenPort,
  port,
  ports,
  prefix,
  protocol,
  section,
  text,
} from './config-fields.ts';
import { logEngineSchema } from './config-log.ts';
import { DEFAULT_PIN_PATH, DEFAULT_RUN_DIR, DEFAULT_STATE_DIR } from './paths.ts';

const entries = integer(1, 100_000_000);
const packets = integer(1, 1_000_000_000);

const base = section({
  interfaces: list(interfaceName),
  xdp_mode: choice(['auto', 'native', 'generic', 'offload']).default('auto'),
  default_deny: flag(false),
  failsafe_ports: z.array(port, { error: 'must be a list of ports' }).default([22]),
  allow_icmp: flag(true),
  icmp_rate: packets.default(100),
  icmp_burst: packets.default(200),
  allow_dhcp: flag(true),
  allowed_protocols: list(protocol),
  strict_tcp: flag(true),
  strict_protocol: flag(false),
  drop_fragments: flag(false),
  bogon_filter: flag(false),
  anti_spoof: choice(['off', 'basic', 'strict']).default('basic'),
  bpf_pin_path: absolutePath.default(DEFAULT_PIN_PATH),
  persist_rules: flag(true),
});

const paths = section({
  state_dir: absolutePath.default(DEFAULT_STATE_DIR),
  run_dir: absolutePath.default(DEFAULT_RUN_DIR),
});

const ipPortRule = section({
  ip: prefix,
  port: ports,
  protocol: choice(['tcp', 'udp', 'any']).default('any'),
  action: choice(['allow', 'deny']),
  reason: text.default(''),
});

const conntrack = section({
  enabled: flag(true),
  max_entries: entries.default(100_000),
  tcp_timeout: duration.default('1h'),
  syn_timeout: duration.default('30s'),
  fin_timeout: duration.default('30s'),
  udp_timeout: duration.default('5m'),
  udp_unreplied_timeout: duration.default('30s'),
  icmp_timeout: duration.default('30s'),
});

const rateLimit = section({
  enabled: flag(true),
  v6_prefix: integer(1, 128).default(64),
  syn_limit: section({ enabled: flag(false), rate: packets.default(50), burst: packets.default(200) }).prefault({}),
  auto_block: flag(false),
  auto_block_expiry: duration.default('5m'),
  rules: list(section({ ip: prefix, rate: packets, burst: packets })),
});

const capacity = section({
  whitelist: entries.default(65_536),
  lock_list: entries.default(524_288),
  lock_hosts: entries.default(2_000_000),
  dyn_lock_list: entries.default(262_144),
  rate_limits: entries.default(65_536),
  rate_state: entries.default(262_144),
  ip_port_rules: entries.default(65_536),
});

const api = section({
  listen: listenAddress.default('127.0.0.1'),
  port: listenPort.default(11818),
  tls: section({ cert: absolutePath, key: absolutePath }).nullable().default(null),
  insecure: flag(false),
});

/** config.yaml. Key names are the same in the file, in this type and in the API. */
export const ConfigSchema = section({
  mode: choice(['enforce', 'monitor']).default('enforce'),
  base: base.prefault({}),
  paths: paths.prefault({}),
  port: section({ allowed_ports: list(ports), ip_port_rules: list(ipPortRule) }).prefault({}),
  whitelist: list(prefix),
  conntrack: conntrack.prefault({}),
  rate_limit: rateLimit.prefault({}),
  capacity: capacity.prefault({}),
  api: api.prefault({}),
  web: section({
    enabled: flag(true),
    listen: listenAddress.default('127.0.0.1'),
    port: listenPort.default(11811),
  }).prefault({}),
  metrics: section({
    enabled: flag(true),
    listen: listenAddress.default('127.0.0.1'),
    port: listenPort.default(9100),
  }).prefault({}),
  events: section({
    enabled: flag(true),
    drops_per_second: integer(1, 1_000_000).default(1000),
    sample_passes: integer(0, 1_000_000_000).default(0),
  }).prefault({}),
  stats_cache: section({ ttl: duration.default('1s') }).prefault({}),
  logging: section({
    level: choice(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    path: absolutePath.nullable().default(null),
  }).prefault({}),
  plugins: list(section({ module: text.min(1), config: z.record(z.string(), z.unknown()).default({}) })),
  crowdsec: crowdsecSchema.prefault({}),
  feeds: feedsSchema.prefault({}),
  log_engine: logEngineSchema.prefault({}),
});

export type Config = z.output<typeof ConfigSchema>;

/** The configuration of an empty file. */
export function defaultConfig(): Config {
  return ConfigSchema.parse({});
}
