import { parsePrefix } from '../../src/model/prefixes.ts';
import type { ReasonName } from '../../src/model/reasons.ts';
import { packet, type UdpLayer } from '../../test/support/packet.ts';
import type { Tally } from '../support/filter.ts';
import type { Traffic } from '../support/mixer.ts';
import { inside4, inside6, pick4, random6, randomHosts4 } from '../support/sources.ts';
import type { PacketLab, Policy, Profile } from './lab.ts';

/** One kind of packet: where it comes from, and how each of them must be judged. */
export interface Scenario {
  readonly name: string;
  readonly profile: Profile;
  readonly program: Policy;
  readonly frame: Uint8Array;
  readonly traffic: Traffic;
  readonly reason: ReasonName;
  readonly before?: () => void;
  readonly after?: () => void;
  /** Instead of `reason`. @throws Error when the verdicts cannot be right */
  readonly check?: (tally: Tally, packets: number) => void;
}

/** As many different sources as the largest lists have entries. */
const SOURCES = 1_000_000;
/** Sources that are over their limit, and what each of them is allowed. */
const HEAVY = 1000;
const BURST = 10;

export function scenarios(lab: PacketLab): Scenario[] {
  const sources = sourcesOf(lab);
  return (['off', 'on'] as const).flatMap((profile) => ofProfile(lab, profile, sources));
}

function ofProfile(lab: PacketLab, profile: Profile, sources: Sources): Scenario[] {
  const { strangers } = sources;
  const allow: Policy = { profile, defaultDeny: false };
  const deny: Policy = { profile, defaultDeny: true };
  const udp = frame(lab, { layer: 'udp', sport: 40_000, dport: 9999 });
  const common = { profile, program: allow, frame: udp };
  const filled = lab.networks.size > 0;
  return [
    { ...common, name: 'pass', traffic: strangers, reason: 'PASS_DEFAULT' },
    { ...common, name: 'default-deny', program: deny, traffic: strangers, reason: 'DROP_DEFAULT' },
    ...(filled ? listed(common, sources) : []),
    ...(profile === 'on' ? stateful(lab, common, deny, strangers) : []),
  ];
}

type Common = Pick<Scenario, 'profile' | 'program' | 'frame'>;

/** Sources that an entry names. */
function listed(common: Common, { hosts, networks, allowed }: Sources): Scenario[] {
  return [
    { ...common, name: 'denied-host', traffic: hosts, reason: 'DROP_DENIED_HOST' },
    { ...common, name: 'denied-network', traffic: networks, reason: 'DROP_DENIED_NETWORK' },
    { ...common, name: 'whitelisted', traffic: allowed, reason: 'PASS_WHITELIST' },
  ];
}

/** What needs tables that the kernel program writes itself. */
function stateful(lab: PacketLab, common: Common, deny: Policy, strangers: Traffic): Scenario[] {
  const { limits } = lab.filter.tables;
  const everyone = parsePrefix(lab.family === 4 ? '0.0.0.0/0' : '::/0').prefix;
  const limit = (rate: number, burst: number) => () => limits.set([{ prefix: everyone, rate, burst }]);
  const noLimit = () => limits.set([]);
  const heavy = traffic(
    lab,
    () => randomHosts4(HEAVY, 15, lab.taken, new Set(lab.hosts4)),
    () => random6(HEAVY, 16),
  );
  const flows: Traffic = { from: 'flows', flows: lab.flows };
  return [
    { ...common, name: 'reply', program: deny, traffic: flows, reason: 'PASS_CONNTRACK' },
    {
      ...common,
      name: 'limited',
      traffic: strangers,
      reason: 'PASS_DEFAULT',
      before: limit(1_000_000, 1_000_000),
      after: noLimit,
    },
    {
      ...common,
      name: 'over-limit',
      traffic: heavy,
      reason: 'DROP_RATE_LIMIT',
      before: limit(1, BURST),
      after: noLimit,
      check: overLimit,
    },
  ];
}

/** Each source passes with its burst and one more a second; all else must have been over. */
function overLimit(tally: Tally, packets: number): void {
  const { PASS_DEFAULT: passed = 0, DROP_RATE_LIMIT: dropped = 0, ...others } = tally;
  const allowed = HEAVY * (BURST + 60);
  if (passed + dropped === packets && passed <= allowed && Object.keys(others).length === 0) return;
  throw new Error(`at most ${allowed} of ${packets} packets may be under the limit: ${JSON.stringify(tally)}`);
}

interface Sources {
  /** All over the address space, named by no entry. */
  readonly strangers: Traffic;
  readonly hosts: Traffic;
  readonly networks: Traffic;
  readonly allowed: Traffic;
}

function sourcesOf(lab: PacketLab): Sources {
  const { networks, allowed } = lab;
  const none = new Uint32Array(0);
  return {
    strangers: traffic(
      lab,
      () => randomHosts4(SOURCES, 11, lab.taken, new Set(lab.hosts4)),
      () => random6(SOURCES, 11),
    ),
    hosts: traffic(
      lab,
      () => (networks.size > 0 ? pick4(lab.hosts4, SOURCES, 12) : none),
      () => lab.hosts6,
    ),
    networks: traffic(
      lab,
      () => (networks.size > 0 ? inside4(networks, SOURCES, 13) : none),
      () => inside6(networks, SOURCES, 13),
    ),
    allowed: traffic(
      lab,
      () => (networks.size > 0 ? inside4(allowed, SOURCES, 14) : none),
      () => inside6(allowed, SOURCES, 14),
    ),
  };
}

function traffic(lab: PacketLab, four: () => Uint32Array, six: () => Uint32Array): Traffic {
  return lab.family === 4 ? { from: 'hosts4', hosts: four() } : { from: 'hosts6', words: six() };
}

function frame({ family }: PacketLab, udp: UdpLayer): Uint8Array {
  const ip = family === 4 ? ({ layer: 'ipv4' } as const) : ({ layer: 'ipv6' } as const);
  return packet({ layer: 'eth' }, ip, udp, { layer: 'trailer', bytes: 18 });
}
