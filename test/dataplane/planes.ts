import { existsSync } from 'node:fs';
import { flowKey } from '../../src/dataplane/flows.ts';
import { KernelDataPlane, type KernelOptions, unload } from '../../src/dataplane/index.ts';
import { FLOW_STATE, flowCodec } from '../../src/dataplane/layout.ts';
import { type Config, ConfigSchema, defaultConfig } from '../../src/model/config.ts';
import type { EntryGroup, EntryMeta } from '../../src/model/entries.ts';
import { PrefixList } from '../../src/model/prefix-list.ts';
import { parsePrefix } from '../../src/model/prefixes.ts';
import { ownedPinPath } from '../support/owned.ts';
import { eth, HOST4, ipv4, ipv6, packet, udp } from '../support/packet.ts';

/** Small maps: the tests make many. */
export const CAPACITY = {
  ...defaultConfig().capacity,
  whitelist: 1000,
  lock_list: 1000,
  lock_hosts: 20_000,
  dyn_lock_list: 1000,
  rate_limits: 100,
  rate_state: 1000,
  ip_port_rules: 100,
  conntrack: 1000,
};

/** Pin paths and the data planes on them, all gone at the end. */
export class Planes {
  readonly #paths: string[] = [];
  readonly #open: KernelDataPlane[] = [];

  path(): string {
    const path = ownedPinPath('dataplane');
    this.#paths.push(path);
    return path;
  }

  load(pinPath: string, options: Partial<KernelOptions> = {}): KernelDataPlane {
    const capacity = options.config === undefined ? { capacity: CAPACITY } : {};
    const plane = KernelDataPlane.load({ pinPath, ...capacity, ...options });
    this.#open.push(plane);
    return plane;
  }

  open(pinPath: string): KernelDataPlane | undefined {
    const plane = KernelDataPlane.open(pinPath);
    if (plane !== undefined) this.#open.push(plane);
    return plane;
  }

  dispose(): void {
    for (const plane of this.#open) plane.close();
    for (const path of this.#paths) if (existsSync(path)) unload(path);
  }
}

/**
 * A configuration with small maps. Sections are merged one level deep. The addresses of the machine that runs the tests do
 * not count as this host's unless a test asks for it.
 */
export function configOf(document: Readonly<Record<string, Readonly<Record<string, unknown>> | string>> = {}): Config {
  const { conntrack: max_entries, ...capacity } = CAPACITY;
  const { capacity: own = {}, conntrack = {}, base = {}, ...rest } = document as Record<string, object>;
  return ConfigSchema.parse({
    ...rest,
    base: { anti_spoof: 'off', ...base },
    capacity: { ...capacity, ...own },
    conntrack: { max_entries, ...conntrack },
  });
}

export const listOf = (...texts: string[]): PrefixList =>
  PrefixList.of(...texts.map((text) => parsePrefix(text).prefix));

export const groupOf = (texts: readonly string[], about: Partial<EntryMeta> = {}): EntryGroup => ({
  prefixes: listOf(...texts),
  meta: { reason: 'test', createdAt: Date.now(), expiresAt: null, source: 'user', ...about },
});

export const NOTHING = new PrefixList();

/** A datagram from a source, to the same family's host. */
export const from = (src: string): Uint8Array =>
  src.includes(':') ? packet(eth(), ipv6({ src }), udp()) : packet(eth(), ipv4({ src }), udp());

export interface FlowInput {
  readonly protocol?: number;
  readonly destination: string;
  readonly sourcePort?: number;
  readonly state: keyof typeof FLOW_STATE;
  /** Seconds since it was seen. */
  readonly age?: number;
}

/** Puts a flow of the host of the packet builder into ct_map, as the egress program would. */
export function writeFlow(plane: KernelDataPlane, flow: FlowInput): void {
  const { protocol = 6, destination, sourcePort = 50_000, state, age = 0 } = flow;
  const at = plane.clock.now() - age * plane.clock.hz;
  const key = flowKey({
    protocol,
    source: parsePrefix(HOST4).prefix,
    destination: parsePrefix(destination).prefix,
    sourcePort,
    destinationPort: 443,
  });
  const value = flowCodec.encode({ lastSeen: at, createdAt: at, state: FLOW_STATE[state], flags: 0 });
  plane.flowTable.put(key, value, 1);
}
