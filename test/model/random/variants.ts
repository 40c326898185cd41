import { DEFAULTS } from '../../support/packet-case.ts';
import type { Config } from '../state.ts';
import type { Values } from './setups.ts';

/** What is decided when the program is loaded. */
export type Switches = Omit<Config, keyof Values>;

/** Everything that a packet can be asked, without the switches that end its path early. */
const everything: Partial<Switches> = { defaultDeny: true, synLimit: true, autoBlock: false };

const PARTIAL: readonly Partial<Switches>[] = [
  {},
  everything,
  { ...everything, autoBlock: true, v6Prefix: 48 },
  { ...everything, autoBlock: true, v6Prefix: 128, allowIcmp: false },
  { ...everything, bogonFilter: true, allowIcmp: false },
  { defaultDeny: true, antiSpoof: 'strict', bogonFilter: true },
  { defaultDeny: true, antiSpoof: 'off', strictTcp: false, rateLimit: false },
  { defaultDeny: true, conntrack: false, allowIcmp: false },
  { defaultDeny: true, rateLimit: false, allowDhcp: false, allowIcmp: false },
  { dropFragments: true, strictProtocol: true, antiSpoof: 'off', synLimit: true },
  { ...everything, monitor: true, autoBlock: true },
  { antiSpoof: 'off', strictTcp: false, rateLimit: false, conntrack: false, allowDhcp: false },
];

/** One loaded program each. */
export const VARIANTS: readonly Switches[] = PARTIAL.map((switches) => ({ ...DEFAULTS, ...switches }));

export function describeSwitches(switches: Switches): string {
  const differs = Object.entries(switches).filter(([name, value]) => DEFAULTS[name as keyof Config] !== value);
  return differs.map(([name, value]) => `${name}=${value}`).join(' ') || 'defaults';
}
