import type { Config } from '../model/config.ts';
import type { ActiveFilter } from './active-filter.ts';
import type { Clock } from './clock.ts';
import { capacityOf, comparePolicies, policyTexts, switchesOf, tunablesOf } from './policy.ts';
import type { PolicyChange } from './policy-plane.ts';

type InterfacesOf = (config: Config) => readonly string[];

/** What following a configuration takes. */
export function policyChange(filter: ActiveFilter, config: Config, interfacesOf: InterfacesOf): PolicyChange {
  const change = comparePolicies(filter.texts, policyTexts(config), filter.resized(capacityOf(config)));
  if (change.kind !== 'none') return change;
  const bare = withoutFilter(filter, interfacesOf(config));
  if (bare.length === 0) return change;
  return { kind: 'incremental', changes: [], because: `${bare.join(', ')} has no filter` };
}

/** Makes the kernel follow a configuration. */
export function follow(filter: ActiveFilter, config: Config, interfacesOf: InterfacesOf, clock: Clock): PolicyChange {
  const change = policyChange(filter, config, interfacesOf);
  if (change.kind === 'none') return change;
  const texts = policyTexts(config);
  const policy = { switches: switchesOf(config), tunables: tunablesOf(config, clock), texts };
  const options = { interfaces: interfacesOf(config), mode: config.base.xdp_mode };
  if (change.kind === 'full') {
    filter.replace(policy, capacityOf(config), options);
    return change;
  }
  const { texts: before } = filter;
  const moved = ['base.interfaces', 'base.xdp_mode'].some((key) => before?.[key] !== texts[key]);
  filter.follow(policy, options, moved || withoutFilter(filter, options.interfaces).length > 0);
  return change;
}

/** Interfaces that should have the program and have not. */
function withoutFilter(filter: ActiveFilter, interfaces: readonly string[]): string[] {
  const attached = new Set(filter.attachments.list().map((one) => one.interface));
  return interfaces.filter((name) => !attached.has(name));
}
