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
  const { missing, needless } = placesOf(filter, interfacesOf(config));
  if (missing.length > 0) return { kind: 'incremental', changes: [], because: `${missing.join(', ')} has no filter` };
  if (needless.length === 0) return change;
  return { kind: 'incremental', changes: [], because: `${needless.join(', ')} needs no filter any more` };
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
  const { missing, needless } = placesOf(filter, options.interfaces);
  filter.follow(policy, options, moved || missing.length + needless.length > 0);
  return change;
}

/** Interfaces that should have the program and have not, and the other way round. */
function placesOf(filter: ActiveFilter, interfaces: readonly string[]) {
  const attached = filter.attachments.list().map((one) => one.interface);
  return {
    missing: interfaces.filter((name) => !attached.includes(name)),
    needless: attached.filter((name) => !interfaces.includes(name)),
  };
}
