import { closeSync } from 'node:fs';
import { release } from 'node:os';
import { BpfError, ENOTSUPP, errnoName } from './errors.ts';
import { libbpf, libc } from './library.ts';
import { BpfLink } from './link.ts';
import { BpfMap } from './map.ts';
import { allocate, HOST_LE } from './memory.ts';
import { captureMessages } from './messages.ts';
import { BpfProgram } from './program.ts';
import { ATTACH_TYPE, MAP_FLAG, MAP_TYPE, PROG_FLAG, PROG_TYPE } from './uapi.ts';
import { undisturbed } from './undisturbed.ts';

/** Each feature with the kernel that brought it. */
export const FEATURES = {
  btf: '4.18',
  xdp: '4.8',
  mmapableArray: '5.5',
  batch: '5.6',
  ringBuffer: '5.8',
  xdpLink: '5.9',
  cmpxchg: '5.12',
  xdpFrags: '5.18',
  tcx: '6.6',
} as const;

export type Feature = keyof typeof FEATURES;

export interface FeatureAnswer {
  readonly feature: Feature;
  /** Undefined: could not tell. */
  readonly supported: boolean | undefined;
  readonly minKernel: string;
  /** One sentence for a reader, also when supported. */
  readonly reason: string;
}

const EPERM = 1;
const EBADF = 9;
const ENODEV = 19;
const EINVAL = 22;
const EOPNOTSUPP = 95;

/** An interface index that cannot exist. */
const NO_INTERFACE = 0x7fff_fff0;

/** Instructions: opcode, registers (source << 4 | destination), offset, immediate. */
type Instruction = readonly [opcode: number, registers: number, offset: number, immediate: number];
const RETURN_0: readonly Instruction[] = [
  [0xb7, 0x00, 0, 0],
  [0x95, 0x00, 0, 0],
];
/** Stores 0 at the top of the stack, then compares and exchanges it. */
const CMPXCHG: readonly Instruction[] = [
  [0x7a, 0x0a, -8, 0],
  [0xb7, 0x00, 0, 0],
  [0xb7, 0x01, 0, 1],
  [0xdb, 0x1a, -8, 0xf1],
  ...RETURN_0,
];

/** Each returns 0, or a negative errno that `ABSENT` reads. */
const PROBES: Readonly<Record<Feature, () => number>> = {
  btf: loadBtf,
  xdp: () => withProgram(PROG_TYPE.XDP, RETURN_0, 0, () => 0),
  ringBuffer: () =>
    withMap({ type: MAP_TYPE.RINGBUF, keySize: 0, valueSize: 0, maxEntries: libc().getpagesize() }, () => 0),
  mmapableArray: () =>
    withMap({ type: MAP_TYPE.ARRAY, keySize: 4, valueSize: 8, maxEntries: 1, flags: MAP_FLAG.MMAPABLE }, () => 0),
  batch: () =>
    withMap({ type: MAP_TYPE.HASH, keySize: 4, valueSize: 4, maxEntries: 1 }, (map) =>
      libbpf().bpf_map_update_batch(map.fd, new Uint8Array(4), new Uint8Array(4), new Uint32Array([1]), null),
    ),
  // A kernel that knows XDP links looks at the descriptor, which is wrong, only after the attach type.
  xdpLink: () => expecting(EBADF, libbpf().bpf_link_create(-1, NO_INTERFACE, ATTACH_TYPE.XDP, null)),
  cmpxchg: () => withProgram(PROG_TYPE.SOCKET_FILTER, CMPXCHG, 0, () => 0),
  xdpFrags: () => withProgram(PROG_TYPE.XDP, RETURN_0, PROG_FLAG.XDP_HAS_FRAGS, () => 0),
  tcx: () =>
    withProgram(PROG_TYPE.SCHED_CLS, RETURN_0, 0, (program) => {
      const link = BpfLink.create(program, NO_INTERFACE, ATTACH_TYPE.TCX_EGRESS, 0);
      return typeof link === 'number' ? expecting(ENODEV, link) : 0;
    }),
};

const ABSENT: ReadonlySet<number> = new Set([EINVAL, EOPNOTSUPP, ENOTSUPP]);

/** Asks the running kernel. Needs the rights to load programs; leaves nothing behind. */
export function probeFeature(feature: Feature): FeatureAnswer {
  const minKernel = FEATURES[feature];
  const answer = (supported: boolean | undefined, reason: string): FeatureAnswer => ({
    feature,
    supported,
    minKernel,
    reason,
  });
  let result: number;
  try {
    result = captureMessages(PROBES[feature]).result;
  } catch (error) {
    if (!(error instanceof BpfError)) throw error;
    if (error.code === 'LIBRARY_MISSING') throw error;
    result = -error.errno;
  }
  if (result >= 0) return answer(true, `the running kernel ${release()} has it`);
  if (ABSENT.has(-result)) return answer(false, `it needs kernel ${minKernel}; this is ${release()}`);
  const why = -result === EPERM ? 'asking needs root' : `the kernel answered ${errnoName(-result)}`;
  return answer(undefined, `could not tell: ${why}`);
}

export const probeFeatures = (): FeatureAnswer[] => (Object.keys(FEATURES) as Feature[]).map(probeFeature);

const expecting = (errno: number, result: number): number => (result === -errno ? 0 : result);

function withMap(spec: Parameters<typeof BpfMap.create>[0], use: (map: BpfMap) => number): number {
  using map = BpfMap.create(spec);
  return use(map);
}

/** Loads a program of a few instructions for as long as `use` runs. @returns what `use` says, or a negative errno */
export function withProgram(
  type: number,
  instructions: readonly Instruction[],
  flags: number,
  use: (program: BpfProgram) => number,
): number {
  const code = allocate(instructions.length * 8);
  instructions.forEach(([opcode, registers, offset, immediate], i) => {
    code.view.setUint8(i * 8, opcode);
    code.view.setUint8(i * 8 + 1, HOST_LE ? registers : ((registers & 0xf) << 4) | (registers >> 4));
    code.view.setInt16(i * 8 + 2, offset, HOST_LE);
    code.view.setInt32(i * 8 + 4, immediate, HOST_LE);
  });
  const opts = allocate(104);
  opts.view.setBigUint64(0, 104n, HOST_LE);
  opts.view.setUint32(20, flags, HOST_LE);
  const { bytes } = code;
  const fd = undisturbed(() => libbpf().bpf_prog_load(type, null, 'GPL', bytes, instructions.length, opts.bytes));
  if (fd < 0) return fd;
  using program = BpfProgram.fromFd(fd);
  return use(program);
}

/** Loads type information that holds one int. */
function loadBtf(): number {
  const { bytes, view } = allocate(24 + 16 + 5);
  const words = [24, 0, 16, 16, 5, 1, 1 << 24, 4, (1 << 24) | 32];
  view.setUint16(0, 0xeb9f, HOST_LE);
  view.setUint8(2, 1);
  words.forEach((word, i) => {
    view.setUint32(4 + i * 4, word, HOST_LE);
  });
  bytes.set(Buffer.from('\0int\0'), 40);
  const fd = libbpf().bpf_btf_load(bytes, 45, null);
  if (fd >= 0) closeSync(fd);
  return Math.min(fd, 0);
}
