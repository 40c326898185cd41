import { flowKey } from '../../src/dataplane/flows.ts';
import { FLOW_STATE, flowCodec, flowKeyCodec } from '../../src/dataplane/layout.ts';
import type { BpfProgram } from '../../src/ebpf/index.ts';
import { type Config, ConfigSchema } from '../../src/model/config.ts';
import { PrefixList } from '../../src/model/prefix-list.ts';
import { type Family, parseAddress, prefix4, prefix6 } from '../../src/model/prefixes.ts';
import { randomSource } from '../../test/support/lists.ts';
import { HOST4, HOST6 } from '../../test/support/packet.ts';
import { bogons4 } from '../support/bogons.ts';
import { BenchFilter } from '../support/filter.ts';
import { Blocks24, hostList4, list6, random6, randomHosts4, randomNetworks4 } from '../support/sources.ts';

/** Networks of all countries in the published list. */
export const NETWORKS = 172_627;
const FLOWS = 100_000;
const UDP = 17;
/** One source of a flow in mixer form: four address words, two ports. */
const FLOW_WORDS = 6;

export type Profile = 'off' | 'on';

export interface Policy {
  readonly profile: Profile;
  readonly defaultDeny: boolean;
}

/** Everything switched off, or on: all sanity checks but the reverse path, conntrack, limits, events. */
export function configOf({ profile, defaultDeny }: Policy, hosts = 2_000_000): Config {
  const base = { default_deny: defaultDeny };
  const sizes = { conntrack: { max_entries: 2 * FLOWS }, capacity: { lock_hosts: hosts } };
  if (profile === 'on') {
    const checks = {
      strict_tcp: true,
      strict_protocol: true,
      drop_fragments: true,
      bogon_filter: true,
      anti_spoof: 'basic',
    };
    return ConfigSchema.parse({ ...sizes, base: { ...base, ...checks } });
  }
  return ConfigSchema.parse({
    ...sizes,
    base: { ...base, strict_tcp: false, anti_spoof: 'off' },
    conntrack: { ...sizes.conntrack, enabled: false },
    rate_limit: { enabled: false },
    events: { enabled: false },
  });
}

/** The filter of one family, filled as the benchmark wants it. */
export class PacketLab implements Disposable {
  readonly family: Family;
  readonly filter: BenchFilter;
  readonly flows: Uint32Array;
  readonly #programs = new Map<string, BpfProgram>();
  readonly #hosts: number;
  /** /24 in which no stranger may lie, because all of it is listed, or a flow leads there. */
  taken = new Blocks24();
  hosts4 = new Uint32Array(0) as Uint32Array;
  hosts6 = new Uint32Array(0) as Uint32Array;
  networks = new PrefixList();
  allowed = new PrefixList();

  constructor(family: Family) {
    this.family = family;
    // Of the capacity for hosts an eighth is for IPv6; what does not fit goes to the trie, which has no room for a million.
    this.#hosts = family === 4 ? 2_000_000 : 10_000_000;
    this.filter = new BenchFilter(configOf({ profile: 'on', defaultDeny: false }, this.#hosts));
    this.flows = this.#openFlows();
  }

  program(policy: Policy): BpfProgram {
    const key = `${policy.profile} ${policy.defaultDeny}`;
    let program = this.#programs.get(key);
    if (program === undefined) {
      program = this.filter.program(configOf(policy, this.#hosts));
      this.#programs.set(key, program);
    }
    return program;
  }

  /** Denies so many hosts, and networks up to the number that all countries have; whitelists a hundredth of them. */
  fill(entries: number): void {
    const networks = Math.min(entries, NETWORKS);
    const allowed = Math.min(Math.ceil(entries / 100), 10_000);
    this.taken = bogonBlocks();
    if (this.family === 4) {
      for (let i = 0; i < this.flows.length; i += FLOW_WORDS) this.taken.add(this.flows[i + 3]!, 32);
      this.networks = randomNetworks4(networks, 1, this.taken);
      this.taken.addAll(this.networks);
      this.hosts4 = randomHosts4(entries, 2, this.taken);
      // A denied host in a whitelisted network would pass, and a stranger may well lie beside a denied host.
      const besideHosts = new Blocks24();
      for (const host of this.hosts4) besideHosts.add(host, 32);
      this.allowed = randomNetworks4(allowed, 3, this.taken, besideHosts);
      this.filter.lists([hostList4(this.hosts4), this.networks], [this.allowed]);
      this.taken.addAll(this.allowed);
      return;
    }
    this.networks = list6(random6(networks, 4), 48);
    this.hosts6 = random6(entries, 5);
    this.allowed = list6(random6(allowed, 6), 48);
    this.filter.lists([list6(this.hosts6, 128), this.networks], [this.allowed]);
  }

  [Symbol.dispose](): void {
    this.filter[Symbol.dispose]();
  }

  /** Flows that this host has opened to as many servers. @returns the answers' sources and ports */
  #openFlows(): Uint32Array {
    const random = randomSource(7);
    const own = parseAddress(this.family === 4 ? HOST4 : HOST6);
    const hosts = this.family === 4 ? randomHosts4(FLOWS, 8, bogonBlocks()) : random6(FLOWS, 9);
    const flows = new Uint32Array(FLOWS * FLOW_WORDS);
    const keys = new Uint8Array(FLOWS * flowKeyCodec.size);
    const values = new Uint8Array(FLOWS * flowCodec.size);
    const now = this.filter.clock.now();
    const value = flowCodec.encode({ lastSeen: now, createdAt: now, state: FLOW_STATE.REPLIED, flags: 0 });
    for (let i = 0; i < FLOWS; i++) {
      const destination =
        this.family === 4
          ? prefix4(hosts[i]!)
          : prefix6([hosts[i * 4]!, hosts[i * 4 + 1]!, hosts[i * 4 + 2]!, hosts[i * 4 + 3]!]);
      const sourcePort = 32_768 + Math.floor(random() * 28_000);
      const destinationPort = 1 + Math.floor(random() * 1023);
      const key = flowKey({ protocol: UDP, source: own, destination, sourcePort, destinationPort });
      keys.set(key, i * flowKeyCodec.size);
      values.set(value, i * flowCodec.size);
      flows.set([...destination.words, destinationPort, sourcePort], i * FLOW_WORDS);
    }
    this.filter.tables.flows.put(keys, values, FLOWS);
    return flows;
  }
}

function bogonBlocks(): Blocks24 {
  const blocks = new Blocks24();
  blocks.addAll(bogons4());
  return blocks;
}
