import { type BpfMap, type BpfProgram, type ProgramRunner, XDP_ACTION, XDP_MD_SIZE } from '../ebpf/index.ts';
import { NetxfwError } from '../model/errors.ts';
import { REASON_MAX, type ReasonName, reasonName, type Verdict } from '../model/reasons.ts';
import { wordsOf } from './codec.ts';
import { counterCodec } from './layout.ts';

export interface Judgement {
  /** What happened to the frame. */
  readonly verdict: Verdict;
  readonly reason: ReasonName;
  /** Monitor mode: it passed, and would have been dropped for the reason. */
  readonly monitored: boolean;
}

/** The largest frame: jumbo frames too. */
const MAX_FRAME = 65_536;
/** struct xdp_md, 32-bit words. */
const MD = { dataEnd: 1, ifindex: 3 } as const;
const LOOPBACK = 1;

/** Runs frames through an XDP program and tells the reason by the counter that moved. Nothing else may count meanwhile. */
export class PacketRunner {
  readonly #runner: ProgramRunner;
  readonly #context: Uint32Array;
  readonly #stats: BpfMap;

  constructor(program: BpfProgram, stats: BpfMap) {
    this.#runner = program.runner({ maxPacket: MAX_FRAME, contextSize: XDP_MD_SIZE });
    const { buffer, byteOffset } = this.#runner.context;
    this.#context = new Uint32Array(buffer, byteOffset, XDP_MD_SIZE / 4);
    this.#stats = stats;
  }

  run(frame: Uint8Array, ifindex = LOOPBACK): Judgement {
    const before = this.#packets();
    this.#context[MD.dataEnd] = frame.length;
    this.#context[MD.ifindex] = ifindex;
    const action = this.#runner.run(frame);
    const after = this.#packets();
    const index = after.findIndex((packets, i) => packets !== before[i]);
    const reason = index < 0 ? undefined : reasonName(index % REASON_MAX);
    if (reason === undefined || (action !== XDP_ACTION.PASS && action !== XDP_ACTION.DROP)) {
      throw new NetxfwError('KERNEL_FAILED', `the program returned ${action} and counted at ${index}`);
    }
    return { verdict: action === XDP_ACTION.PASS ? 'pass' : 'drop', reason, monitored: index >= REASON_MAX };
  }

  /** Packets by reason, all CPUs. */
  #packets(): number[] {
    const { count, keys, values } = this.#stats.readAll();
    const indexes = wordsOf(keys);
    const view = new DataView(values.buffer, values.byteOffset);
    const packets = new Array<number>(count).fill(0);
    for (let i = 0; i < count; i++) {
      for (let at = i * this.#stats.lookupSize; at < (i + 1) * this.#stats.lookupSize; at += counterCodec.size) {
        packets[indexes[i]!]! += counterCodec.fields.packets.get(view, at);
      }
    }
    return packets;
  }
}

/** Runs one frame. @returns the program's action; @throws BpfError INTERFACE_UNKNOWN */
export function runFrame(program: BpfProgram, frame: Uint8Array, ifindex: number): number {
  const context = new Uint32Array(XDP_MD_SIZE / 4);
  context[MD.dataEnd] = frame.length;
  context[MD.ifindex] = ifindex;
  return program.testRun({ data: frame, context: new Uint8Array(context.buffer) }).retval;
}
