import {
  ACTION,
  dynEntryCodec,
  FLOW_STATE,
  flowCodec,
  flowKeyCodec,
  PORT_SET,
  prefixCodec,
  rateCodec,
  ruleCodec,
  ruleKeyCodec,
  TICKS_PER_NS,
  tunablesCodec,
} from '../../src/dataplane/layout.ts';
import { mappedLength, type Prefix, prefixBytes } from '../../src/model/prefixes.ts';
import type { Config } from '../model/state.ts';
import type { KernelFilter } from './kernel-filter.ts';
import { clear, expiryOf, type KernelLists, prefixOf } from './kernel-lists.ts';
import { markFlows } from './kernel-time.ts';
import type { FlowInput, Interface, LimitInput, RuleInput, Setup } from './packet-case.ts';
import { HOST } from './packet-case.ts';

/** Everything of a setup that is not a static list, written straight into the maps. */

const SECOND = 1e9 * TICKS_PER_NS;
const PROTOCOLS = { tcp: 6, udp: 17, any: 0, icmp: 1, icmp6: 58 } as const;

/** Rates as the kernel program wants them: ticks. */
function ticks(rate: number, burst: number): { readonly cost: number; readonly depth: number } {
  if (rate === 0) return { cost: 0, depth: 0 };
  const cost = Math.floor(SECOND / rate);
  return { cost, depth: cost * burst };
}

export function writePolicy(
  filter: KernelFilter,
  lists: KernelLists,
  setup: Setup,
  config: Config,
  ifindex: Readonly<Record<Interface, number>>,
): void {
  const { limits = [], rules = [], flows = [], dynamic = [] } = setup;
  writeOwn(filter, lists, ifindex);
  writeDynamic(filter, lists, dynamic);
  writeLimits(filter, lists, limits);
  writeRules(filter, lists, rules);
  writePorts(filter, config);
  writeFlows(filter, flows);
  clear(filter, 'frag_map');
  filter.memory('rate_state').words.fill(0);
  clearShared(filter);
  writeTunables(filter, lists, config, { dynamic, limits, rules });
}

/** Link-local addresses are the host's on their own link. */
function writeOwn(filter: KernelFilter, lists: KernelLists, ifindex: Readonly<Record<Interface, number>>): void {
  for (const own of HOST.addresses) {
    const scope = own.startsWith('fe80:') ? ifindex[HOST.on[own]] : 0;
    filter.map('own_addrs').update(prefixBytes(prefixOf(own)), new Uint8Array(Uint32Array.of(scope).buffer));
  }
  lists.touch('own', HOST.addresses.map(prefixOf));
}

function writeDynamic(filter: KernelFilter, lists: KernelLists, dynamic: NonNullable<Setup['dynamic']>): void {
  clear(filter, 'dyn_lock_list');
  const { clock } = filter;
  for (const input of dynamic) {
    const prefix = prefixOf(typeof input === 'string' ? input : input[0]);
    const expiresAt = expiryOf(input, clock);
    const entry = { blockedAt: clock.now(), expiresAt, cause: 0, hits: 0, reason: 'test' };
    filter.map('dyn_lock_list').update(prefixBytes(prefix), dynEntryCodec.encode(entry));
    lists.touch('dynamic', [prefix]);
  }
}

function writeLimits(filter: KernelFilter, lists: KernelLists, limits: readonly LimitInput[]): void {
  clear(filter, 'rate_limit');
  for (const [id, { from, rate, burst }] of limits.entries()) {
    const prefix = prefixOf(from);
    const length = mappedLength(prefix);
    filter
      .map('rate_limit')
      .update(
        prefixCodec.encode({ prefixlen: length, addr: prefixBytes(prefix) }),
        rateCodec.encode({ rate: Math.ceil(rate), burst, ...ticks(rate, burst), id, prefixlen: length }),
      );
    if (!isShort(prefix)) lists.touch('limits', [prefix]);
  }
}

/** Too short for the source index: known by family, in tunables. */
function isShort({ family, length }: Prefix): boolean {
  return length < (family === 4 ? 8 : 16);
}

/** enum nx_family_bit of the short prefixes among these. */
function families(inputs: readonly { readonly from: string }[]): number {
  return inputs
    .map(({ from }) => prefixOf(from))
    .reduce((bits, one) => bits | (isShort(one) ? (one.family === 4 ? 1 : 2) : 0), 0);
}

/** A class for each port that a rule names; class 0 is all others. */
function writeRules(filter: KernelFilter, lists: KernelLists, rules: readonly RuleInput[]): void {
  clear(filter, 'ip_port_rules');
  const classes = new Uint16Array(filter.memory('port_classes').buffer);
  classes.fill(0);
  const named = [...new Set(rules.map(({ port }) => port))];
  for (const [i, port] of named.entries()) classes[port] = i + 1;
  for (const [id, { from, port, protocol = 'any', action }] of rules.entries()) {
    const prefix: Prefix = prefixOf(from);
    const length = mappedLength(prefix);
    const key = {
      prefixlen: 32 + length,
      portClass: classes[port]!,
      proto: PROTOCOLS[protocol],
      family: prefix.family,
      addr: prefixBytes(prefix),
    };
    const value = { action: action === 'allow' ? ACTION.ALLOW : ACTION.DENY, prefixlen: length, id, reason: 'test' };
    filter.map('ip_port_rules').update(ruleKeyCodec.encode(key), ruleCodec.encode(value));
    if (!isShort(prefix)) lists.touch('rules', [prefix]);
  }
}

function writePorts(filter: KernelFilter, { openTcp, openUdp, failsafePorts }: Config): void {
  const bits = new BigUint64Array(filter.memory('allowed_ports').buffer);
  bits.fill(0n);
  const open = (set: number, ports: readonly number[]) => {
    for (const port of ports) {
      const word = set * 1024 + Math.floor(port / 64);
      bits[word] = bits[word]! | (1n << BigInt(port % 64));
    }
  };
  open(PORT_SET.TCP, openTcp);
  open(PORT_SET.UDP, openUdp);
  open(PORT_SET.FAILSAFE_TCP, failsafePorts);
}

function writeFlows(filter: KernelFilter, flows: readonly FlowInput[]): void {
  clear(filter, 'ct_map');
  const { clock } = filter;
  for (const { protocol, from, to, ports, state, age = 0 } of flows) {
    const key = {
      src: prefixBytes(prefixOf(from)),
      dst: prefixBytes(prefixOf(to)),
      srcPort: ports[0],
      dstPort: ports[1],
      proto: PROTOCOLS[protocol],
    };
    const lastSeen = clock.now() - age * clock.hz;
    const value = { lastSeen, createdAt: lastSeen, state: FLOW_STATE[state], flags: 0 };
    filter.map('ct_map').update(flowKeyCodec.encode(key), flowCodec.encode(value));
  }
  markFlows(filter);
}

export function clearShared(filter: KernelFilter): void {
  const map = filter.map('shared_buckets');
  const { keys, values, count } = map.readAll();
  map.updateBatch(keys, values.fill(0), count);
}

type Sizes = Required<Pick<Setup, 'dynamic' | 'limits' | 'rules'>>;

function writeTunables(
  filter: KernelFilter,
  lists: KernelLists,
  config: Config,
  { dynamic, limits, rules }: Sizes,
): void {
  const { clock } = filter;
  const icmp = ticks(config.icmpRate, config.icmpBurst);
  const syn = ticks(config.synRate, config.synBurst);
  const allowedProtocols = new BigUint64Array(4);
  for (const number of config.allowedProtocols) {
    const word = Math.floor(number / 64);
    allowedProtocols[word] = allowedProtocols[word]! | (1n << BigInt(number % 64));
  }
  const bytes = tunablesCodec.encode({
    icmpCost: icmp.cost,
    icmpDepth: icmp.depth,
    synCost: syn.cost,
    synDepth: syn.depth,
    autoBlockExpiry: clock.ticks(config.autoBlockExpiry),
    tcpTimeout: clock.ticks(config.tcpTimeout),
    synTimeout: clock.ticks(config.synTimeout),
    finTimeout: clock.ticks(config.finTimeout),
    udpTimeout: clock.ticks(config.udpTimeout),
    udpUnrepliedTimeout: clock.ticks(config.udpUnrepliedTimeout),
    icmpTimeout: clock.ticks(config.icmpTimeout),
    fragTimeout: clock.ticks(30_000),
    eventCost: 0,
    eventDepth: 0,
    eventSamplePasses: 0,
    allowedProtocols,
    index4Always: lists.always.index4,
    index6Always: lists.always.index6,
    hasLockList: Number(lists.usesLockList),
    hasDynamic: Number(dynamic.length > 0),
    hasLimits: Number(limits.length > 0),
    hasRules: Number(rules.length > 0),
    eventsCapture: 0,
    limitsAlways: families(limits),
    rulesAlways: families(rules),
  });
  filter.memory('tunables').bytes.set(bytes);
}
