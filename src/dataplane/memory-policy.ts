import { type Config, defaultConfig } from '../model/config.ts';
import type { JudgedPolicy } from '../model/judge.ts';
import { formatPrefix } from '../model/prefixes.ts';
import { parseProtocol } from '../model/protocols.ts';
import { mapFull } from './map-full.ts';
import type { Capacity } from './map-sizes.ts';
import { capacityOf, comparePolicies, policyTexts } from './policy.ts';
import type { IpPortEntry, LimitEntry, OpenPorts, PolicyChange } from './policy-plane.ts';
import { planClasses } from './port-classes.ts';

/** What the memory data plane knows besides the source lists: configuration, limits, ports and ip+port rules. */
export class MemoryPolicy {
  /** Undefined until a configuration is in force. */
  config: Config | undefined;
  limits: ReadonlyMap<string, LimitEntry> = new Map();
  ports: OpenPorts = { open: [], failsafe: [] };
  rules: readonly IpPortEntry[] = [];
  #ruleEntries = 0;

  /** @param capacity in force; what it says of other keys than the configuration's is the caller's wish */
  compare(config: Config, capacity: Partial<Capacity>): PolicyChange {
    const wanted = capacityOf(config);
    const resized = (Object.keys(wanted) as (keyof Capacity)[]).filter(
      (key) => this.config !== undefined && (capacity[key] ?? wanted[key]) !== wanted[key],
    );
    return comparePolicies(this.config && policyTexts(this.config), policyTexts(config), resized);
  }

  setLimits(limits: readonly LimitEntry[], capacity: number): void {
    const wanted = new Map(limits.map((limit) => [formatPrefix(limit.prefix), limit]));
    if (wanted.size > capacity) throw mapFull('rate_limit', 'capacity.rate_limits', capacity, wanted.size);
    this.limits = wanted;
  }

  setRules(rules: readonly IpPortEntry[], capacity: number): void {
    const { size } = planClasses(rules, capacity);
    if (size > capacity) throw mapFull('ip_port_rules', 'capacity.ip_port_rules', capacity, size);
    this.rules = [...rules];
    this.#ruleEntries = size;
  }

  get ruleEntries(): number {
    return this.#ruleEntries;
  }

  /** What `judge` needs besides the lists. */
  judged(): Omit<JudgedPolicy, 'allowed' | 'dynamic' | 'denied'> {
    const { base } = this.config ?? defaultConfig();
    return {
      defaultDeny: base.default_deny,
      bogonFilter: base.bogon_filter,
      openPorts: this.ports.open,
      failsafePorts: this.ports.failsafe,
      allowedProtocols: base.allowed_protocols.map(parseProtocol),
      rules: this.rules,
    };
  }
}
