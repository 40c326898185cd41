import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  attachTc,
  type BpfMap,
  BpfObject,
  type BpfProgram,
  inNetworkNamespace,
  interfaceIndex,
  TEST_FLAG,
} from '../../src/ebpf/index.ts';
import { FW_DEVICE, FW_MAC, FW4, type Lab, PEER_DEVICE, PEER_MAC } from './lab.ts';
import type { Namespace } from './netns.ts';
import { packet } from './packet.ts';

/** Frames handed over at once: the most that the receiving end of the cable takes. */
const BATCH = 64;
const MACHINE = { x64: 'x86_64', arm64: 'aarch64' }[arch() as string] ?? arch();

/** Class n has the sources 10.(64 + n).0.0 to 10.(64 + n).0.255. */
export const CLASSES = 4;
export const networkOf = (n: number): string => `10.${64 + n}.0.0/16`;
export const hostsOf = (n: number): string[] => Array.from({ length: 256 }, (_, i) => `10.${64 + n}.0.${i}`);

export interface Tally {
  /** By class. */
  readonly sent: readonly number[];
  readonly arrived: readonly number[];
}

/**
 * UDP datagrams from sources of four classes, made in the kernel and sent over the lab's cable as fast as one core can, and
 * counted before the cable and behind the filter. The counting at the far end must not depend on what is under test.
 */
export class Flood implements Disposable {
  readonly #lab: Lab;
  readonly #owned: Disposable[] = [];
  readonly #sent: BpfMap;
  readonly #arrived: BpfMap;
  readonly #program: BpfProgram;
  readonly #frame: Uint8Array;

  constructor(lab: Lab, port: number) {
    this.#lab = lab;
    const ifindex = inside(lab.peer, () => interfaceIndex(PEER_DEVICE));
    using object = BpfObject.open(compiled(lab.directory));
    object.setGlobals('.rodata', { cfg_flood_ifindex: ifindex, cfg_flood_mac: macNumber(FW_MAC) });
    object.load();
    this.#sent = this.#own(object.map('sent').open());
    this.#arrived = this.#own(object.map('arrived').open());
    this.#program = this.#own(object.program('flood').open());
    const tally = this.#own(object.program('tally').open());
    this.#own(inside(lab.fw, () => attachTc(tally, interfaceIndex(FW_DEVICE), 'ingress')));
    this.#frame = packet(
      { layer: 'eth', dst: FW_MAC, src: PEER_MAC },
      { layer: 'ipv4', dst: FW4 },
      { layer: 'udp', sport: 40_000, dport: port, checksum: 0 },
      { layer: 'trailer', bytes: 18 },
    );
  }

  /** Sends frames; returns when all are on the cable. @returns seconds that it took */
  send(frames: number): number {
    const { durationNs } = inside(this.#lab.peer, () =>
      this.#program.testRun({ data: this.#frame, repeat: frames, flags: TEST_FLAG.XDP_LIVE_FRAMES, batchSize: BATCH }),
    );
    return (durationNs * frames) / 1e9;
  }

  tally(): Tally {
    return { sent: read(this.#sent), arrived: read(this.#arrived) };
  }

  /** Frames that have reached the firewall's end of the cable, whatever became of them. */
  received(): number {
    const text = inside(this.#lab.fw, () => readFileSync('/proc/thread-self/net/dev', 'utf8'));
    return Number(new RegExp(`${FW_DEVICE}:\\s*\\d+\\s+(\\d+)`).exec(text)![1]);
  }

  [Symbol.dispose](): void {
    for (const one of this.#owned.reverse()) one[Symbol.dispose]();
  }

  #own<T extends Disposable>(one: T): T {
    this.#owned.push(one);
    return one;
  }
}

function compiled(directory: string): string {
  const source = fileURLToPath(new URL('flood.bpf.c', import.meta.url));
  const object = join(directory, 'flood.bpf.o');
  const flags = ['-O2', '-g', '-Wall', '-Werror', '-target', 'bpf', '-mcpu=v3', `-I/usr/include/${MACHINE}-linux-gnu`];
  execFileSync('clang', [...flags, '-c', source, '-o', object], { stdio: ['ignore', 'inherit', 'inherit'] });
  return object;
}

function read(map: BpfMap): number[] {
  return Array.from({ length: CLASSES }, (_, key) =>
    map
      .lookupPerCpu(new Uint8Array(Uint32Array.of(key).buffer))!
      .reduce((sum, value) => sum + Number(new DataView(value.buffer, value.byteOffset).getBigUint64(0, true)), 0),
  );
}

/** Its bytes as they stand in a frame, read as a number of this machine. */
function macNumber(mac: string): bigint {
  const bytes = Uint8Array.from([...mac.split(':').map((byte) => Number.parseInt(byte, 16)), 0, 0]);
  return new BigUint64Array(bytes.buffer)[0]!;
}

function inside<Result>(at: Namespace, operation: () => Result): Result {
  return inNetworkNamespace(`/run/netns/${at.name}`, operation);
}
