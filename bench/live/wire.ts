import { readdirSync, readFileSync } from 'node:fs';
import {
  attachXdp,
  type BpfLink,
  type BpfMap,
  BpfObject,
  type BpfProgram,
  inNetworkNamespace,
  interfaceIndex,
  TEST_FLAG,
} from '../../src/ebpf/index.ts';
import { FW_DEVICE, FW_MAC, FW4, Lab, PEER_DEVICE, PEER_MAC } from '../../test/support/lab.ts';
import type { Namespace } from '../../test/support/netns.ts';
import { packet } from '../../test/support/packet.ts';
import { Handles } from '../support/handles.ts';
import { Mixer, type Traffic } from '../support/mixer.ts';
import { benchObject } from '../support/objects.ts';

/** Where forwarded packets go: a network behind the firewall. */
const BEHIND = '203.0.113.9';
const OUT_DEVICE = 'nxo0';
const SINK_DEVICE = 'nxs0';
/** Frames that the generator hands over at once: the most that the receiving end of the cable takes. */
const BATCH = 64;
const SETTLE_MS = 20;

const frame = (dst: string): Uint8Array =>
  packet(
    { layer: 'eth', dst: FW_MAC, src: PEER_MAC },
    { layer: 'ipv4', dst },
    { layer: 'udp', sport: 40_000, dport: 9999, checksum: 0 },
    { layer: 'trailer', bytes: 18 },
  );

/** A host under test and a generator in the kernel, with a cable between them; what it forwards ends in a sink. */
export class Wire implements Disposable {
  readonly lab = Lab.create();
  readonly #owned = new Handles();
  readonly #sunk: BpfMap;

  constructor() {
    const { fw, peer } = this.lab;
    // Without an XDP program the cable takes frames only where GRO is on.
    must(fw, ['ethtool', '-K', FW_DEVICE, 'gro', 'on']);
    fw.ip('link', 'add', OUT_DEVICE, 'type', 'veth', 'peer', 'name', SINK_DEVICE, 'netns', peer.name);
    for (const [host, device] of [
      [fw, OUT_DEVICE],
      [peer, SINK_DEVICE],
    ] as const) {
      host.ip('link', 'set', device, 'up');
    }
    // Nothing but what the generator sends may come in: it would be taken for a packet that was dropped.
    for (const [host, device] of [
      [fw, FW_DEVICE],
      [peer, PEER_DEVICE],
    ] as const) {
      host.ip('link', 'set', device, 'arp', 'off');
    }
    fw.ip('addr', 'add', '203.0.113.1/24', 'dev', OUT_DEVICE);
    fw.ip('neigh', 'replace', BEHIND, 'lladdr', PEER_MAC, 'dev', OUT_DEVICE, 'nud', 'permanent');
    // A default route, so that sources from anywhere are routable.
    fw.ip('route', 'add', 'default', 'dev', FW_DEVICE);
    // Router solicitations come seconds after a link is up, again and again.
    for (const host of [fw, peer]) must(host, ['sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1']);
    const settings = [
      'net.ipv4.ip_forward=1',
      'net.ipv4.conf.all.rp_filter=0',
      `net.ipv4.conf.${FW_DEVICE}.rp_filter=0`,
    ];
    for (const setting of settings) must(fw, ['sysctl', '-qw', setting]);
    using object = this.#object('sink');
    this.#sunk = this.#owned.use(object.map('sunk').open());
    const sink = this.#owned.use(object.program('sink').open());
    this.#owned.use(inside(peer, () => attachXdp(sink, interfaceIndex(SINK_DEVICE), 'native')));
  }

  get fw(): Namespace {
    return this.lab.fw;
  }

  /** Puts a program on the host's end of the cable. */
  attach(program: BpfProgram): BpfLink {
    return this.#owned.use(inside(this.fw, () => attachXdp(program, interfaceIndex(FW_DEVICE), 'native')));
  }

  /** One of the baselines of bench/bpf/live.bpf.c. */
  baseline(name: 'drop_all' | 'pass_all'): BpfProgram {
    using object = this.#object(name);
    return this.#owned.use(object.program(name).open());
  }

  /** Frames with these sources to the host itself, or through it. */
  generator(traffic: Traffic, to: 'host' | 'behind'): Generator {
    const { peer } = this.lab;
    const mixer = this.#owned.use(new Mixer(traffic));
    using object = this.#object(
      'transmit',
      inside(peer, () => interfaceIndex(PEER_DEVICE)),
    );
    const transmit = this.#owned.use(object.program('transmit').open());
    const program = mixer.mixing(transmit, false);
    return new Generator(program, peer, frame(to === 'host' ? FW4 : BEHIND));
  }

  /** Frames that have come out behind the host. */
  sunk(): number {
    return this.#sunk
      .lookupPerCpu(new Uint8Array(4))!
      .reduce((sum, value) => sum + Number(new DataView(value.buffer, value.byteOffset).getBigUint64(0, true)), 0);
  }

  /** Frames that have reached the host's end of the cable. */
  received(): number {
    const text = this.#proc('net/dev');
    return Number(new RegExp(`${FW_DEVICE}:\\s*\\d+\\s+(\\d+)`).exec(text)![1]);
  }

  /** Packets that the host's IP layer has delivered or forwarded. */
  passed(): number {
    const [names, values] = this.#proc('net/snmp')
      .split('\n')
      .filter((line) => line.startsWith('Ip:'))
      .map((line) => line.split(' '));
    return ['InDelivers', 'ForwDatagrams'].reduce((sum, name) => sum + Number(values![names!.indexOf(name)]), 0);
  }

  [Symbol.dispose](): void {
    this.#owned[Symbol.dispose]();
    this.lab.dispose();
  }

  #proc(file: string): string {
    return inside(this.fw, () => readFileSync(`/proc/thread-self/${file}`, 'utf8'));
  }

  #object(only: string, ifindex = 1): BpfObject {
    const object = BpfObject.open(benchObject('live'));
    object.setGlobals('.rodata', { cfg_live_ifindex: ifindex, cfg_live_mac: macNumber(FW_MAC) });
    for (const program of object.programs) program.autoload = program.name === only;
    object.load();
    return object;
  }
}

export class Generator {
  readonly #program: BpfProgram;
  readonly #at: Namespace;
  readonly #frame: Uint8Array;

  constructor(program: BpfProgram, at: Namespace, bytes: Uint8Array) {
    this.#program = program;
    this.#at = at;
    this.#frame = bytes;
  }

  /**
   * Sends frames as fast as one core handles sending and receiving them.
   * @returns nanoseconds of processor time per frame, both ends together, the kernel's softirq threads included
   */
  send(frames: number): number {
    const threads = softirqTime();
    const { durationNs } = inside(this.#at, () =>
      this.#program.testRun({
        data: this.#frame,
        repeat: frames,
        flags: TEST_FLAG.XDP_LIVE_FRAMES,
        batchSize: BATCH,
      }),
    );
    return durationNs + (softirqTime() - threads) / frames;
  }
}

/** Waits until a counter stands still. @returns what it says then */
export async function settled(count: () => number, wanted: number): Promise<number> {
  let last = -1;
  for (let now = count(); now !== wanted && now !== last; now = count()) {
    last = now;
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  }
  return count();
}

/** Its bytes as they stand in a frame, read as a number of this machine. */
function macNumber(mac: string): bigint {
  const bytes = Uint8Array.from([...mac.split(':').map((byte) => Number.parseInt(byte, 16)), 0, 0]);
  return new BigUint64Array(bytes.buffer)[0]!;
}

function inside<Result>(at: Namespace, operation: () => Result): Result {
  return inNetworkNamespace(`/run/netns/${at.name}`, operation);
}

function must(at: Namespace, command: readonly string[]): void {
  const { status, stderr } = at.runSync(command);
  if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
}

/** Nanoseconds that ksoftirqd has run, all of them. */
function softirqTime(): number {
  softirqThreads ??= readdirSync('/proc').filter((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    try {
      return readFileSync(`/proc/${entry}/comm`, 'utf8').startsWith('ksoftirqd/');
    } catch {
      return false;
    }
  });
  return softirqThreads.reduce((sum, pid) => {
    return sum + Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]);
  }, 0);
}
let softirqThreads: readonly string[] | undefined;
