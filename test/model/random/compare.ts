import { FLOW_STATE, flowCodec, flowKeyCodec, fragCodec, fragKeyCodec } from '../../../src/dataplane/layout.ts';
import type { ReasonName } from '../../../src/model/reasons.ts';
import type { KernelFilter } from '../../support/kernel-filter.ts';
import { KernelWorld } from '../../support/kernel-world.ts';
import { describeLayers, type Layer, toHex } from '../../support/packet.ts';
import type { Interface } from '../../support/packet-case.ts';
import { ModelWorld } from '../../support/packet-world.ts';
import { type Address, addressFromBytes, text } from '../address.ts';
import { flowKey } from '../flows.ts';
import { fragmentText } from '../fragments.ts';
import { u16 } from '../parsed.ts';
import { bytesOf, type RandomPacket } from './packets.ts';
import type { RandomEvent, Scenario } from './scenario.ts';
import { describeSwitches, VARIANTS } from './variants.ts';

export interface Difference {
  /** Index of the event, or of the end. */
  readonly at: number;
  readonly model: string;
  readonly kernel: string;
}

export interface Comparison {
  readonly difference: Difference | null;
  readonly reasons: readonly ReasonName[];
}

/** Runs a scenario in both worlds: every verdict must be the same, and all that the packets changed. */
export function compare(
  { variant, setup, events }: Scenario,
  filter: KernelFilter,
  ifindex: Readonly<Record<Interface, number>>,
): Comparison {
  const full = { ...setup, config: { ...VARIANTS[variant]!, ...setup.config } };
  const model = new ModelWorld(full);
  const kernel = new KernelWorld(filter, full, ifindex);
  const reasons: ReasonName[] = [];
  for (const [at, event] of events.entries()) {
    if ('wait' in event) {
      model.wait(event.wait);
      kernel.wait(event.wait);
      continue;
    }
    if ('send' in event) {
      const frame = bytesOf(event.send);
      if (frame.length < shortest(frame)) continue;
      model.send(frame);
      kernel.send(frame);
      continue;
    }
    const frame = bytesOf(event.receive);
    const expected = model.receive(frame, event.on);
    const wanted = `${expected.verdict} ${expected.reason}, explained as ${expected.reason}`;
    const got = said(() => {
      const explained = kernel.explain(frame, event.on);
      const { verdict, reason } = kernel.receive(frame, event.on, expected.reason);
      return `${verdict} ${reason}, explained as ${explained}`;
    });
    reasons.push(expected.reason);
    if (got !== wanted) return { difference: { at, model: wanted, kernel: got }, reasons };
  }
  const counted = said(() => {
    kernel.finish();
    return '';
  });
  if (counted !== '') return { difference: { at: events.length, model: '', kernel: counted }, reasons };
  return { difference: compareStates(model, filter, events.length), reasons };
}

/** A test run of an egress program needs a whole IP header. */
function shortest(frame: Uint8Array): number {
  const type = u16(frame, 12);
  return 14 + (type === 0x86dd ? 40 : type === 0x0800 ? 20 : 0);
}

/** What an operation says, or what is wrong with it. */
function said(operation: () => string): string {
  try {
    return operation();
  } catch (error) {
    return String(error);
  }
}

function compareStates({ state }: ModelWorld, filter: KernelFilter, at: number): Difference | null {
  const flows = [...state.flows].map(([key, flow]) => `${key} ${flow.state}`);
  const fragments = [...state.fragments].map(([key, { pass }]) => `${key} ${pass ? 'pass' : 'drop'}`);
  const pairs = [
    [flows, kernelFlows(filter)],
    [fragments, kernelFragments(filter)],
    [[...state.dynamic.keys()], kernelDynamic(filter)],
  ] as const;
  for (const [modelled, seen] of pairs) {
    const expected = modelled.map(withoutMapped);
    const model = expected.filter((line) => !seen.includes(line));
    const kernel = seen.filter((line) => !expected.includes(line));
    if (model.length + kernel.length > 0) return { at, model: model.join('; '), kernel: kernel.join('; ') };
  }
  return null;
}

/** A destination may be an IPv4-mapped address; maps do not tell it from the IPv4 address. */
function withoutMapped(line: string): string {
  return line.replace(/(?<![0-9a-f:])0:0:0:0:0:ffff:([0-9a-f]+):([0-9a-f]+)/g, (_, high: string, low: string) => {
    const bits = (BigInt(`0x${high}`) << 16n) | BigInt(`0x${low}`);
    return text({ family: 4, bits });
  });
}

/** IPv4 stands in maps as ::ffff:a.b.c.d. */
function unmapped(bytes: Uint8Array): Address {
  const four = bytes.subarray(0, 12).every((byte, i) => byte === (i < 10 ? 0 : 0xff));
  return addressFromBytes(four ? bytes.subarray(12) : bytes);
}

function entries<Value>(
  filter: KernelFilter,
  name: string,
  read: (key: Uint8Array, value: Uint8Array) => Value,
): Value[] {
  const map = filter.map(name);
  const { keys, values, count } = map.readAll();
  const { keySize, valueSize } = map.info;
  return Array.from({ length: count }, (_, i) =>
    read(keys.subarray(i * keySize, (i + 1) * keySize), values.subarray(i * valueSize, (i + 1) * valueSize)),
  );
}

const STATES = Object.entries(FLOW_STATE);

function kernelFlows(filter: KernelFilter): string[] {
  return entries(filter, 'ct_map', (rawKey, rawValue) => {
    const { src, dst, srcPort, dstPort, proto } = flowKeyCodec.decode(rawKey);
    const { state } = flowCodec.decode(rawValue);
    const ends = { source: unmapped(src), destination: unmapped(dst), sourcePort: srcPort, destinationPort: dstPort };
    return `${flowKey({ protocol: proto, ...ends })} ${STATES.find(([, number]) => number === state)?.[0] ?? state}`;
  });
}

function kernelFragments(filter: KernelFilter): string[] {
  return entries(filter, 'frag_map', (rawKey, rawValue) => {
    const { src, dst, id, proto } = fragKeyCodec.decode(rawKey);
    // The identification stands there as it was loaded from the packet.
    const four = src.subarray(0, 12).every((byte, i) => byte === (i < 10 ? 0 : 0xff));
    const view = new DataView(new Uint32Array([id]).buffer);
    const identification = four ? view.getUint16(0) : view.getUint32(0);
    const key = fragmentText(unmapped(src), unmapped(dst), identification, proto);
    return `${key} ${fragCodec.decode(rawValue).pass ? 'pass' : 'drop'}`;
  });
}

function kernelDynamic(filter: KernelFilter): string[] {
  return entries(filter, 'dyn_lock_list', (key) => text(unmapped(key)));
}

function describePacket(packet: RandomPacket): string {
  const damage = [
    ...(packet.cut > 0 ? [`cut by ${packet.cut}`] : []),
    ...packet.flips.map(({ at, mask }) => `byte ${at} ^ 0x${mask.toString(16)}`),
  ];
  return `${describeLayers(packet.layers as Layer[])}${damage.map((one) => `, ${one}`).join('')}\n      ${toHex(bytesOf(packet))}`;
}

function describeEvent(event: RandomEvent): string {
  if ('wait' in event) return `wait ${event.wait} s`;
  return 'send' in event
    ? `send ${describePacket(event.send)}`
    : `receive on ${event.on} ${describePacket(event.receive)}`;
}

/** All that is needed to see the difference again. */
export function report({ variant, setup, events }: Scenario, difference: Difference): string {
  return [
    `program: ${describeSwitches(VARIANTS[variant]!)}`,
    ...Object.entries(setup).map(([name, value]) => `${name}: ${JSON.stringify(value)}`),
    ...events.slice(0, difference.at + 1).map((event, i) => `  ${i}: ${describeEvent(event)}`),
    `model:  ${difference.model || 'nothing more'}`,
    `kernel: ${difference.kernel || 'nothing more'}`,
  ].join('\n');
}
