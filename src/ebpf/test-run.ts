import { BpfError, check } from './errors.ts';
import { libbpf } from './library.ts';
import { allocate, type Block, HOST_LE } from './memory.ts';

/** Offsets in struct bpf_test_run_opts. */
const OPTS = {
  size: 0,
  dataIn: 8,
  dataOut: 16,
  dataSizeIn: 24,
  dataSizeOut: 28,
  ctxIn: 32,
  ctxOut: 40,
  ctxSizeIn: 48,
  ctxSizeOut: 52,
  retval: 56,
  repeat: 60,
  duration: 64,
  flags: 68,
  cpu: 72,
  batchSize: 76,
} as const;
const OPTS_SIZE = 80;

/** struct xdp_md: what an XDP program may be told about its packet besides the bytes. */
export const XDP_MD_SIZE = 24;
/** struct __sk_buff as of kernel 6.1. */
export const SK_BUFF_SIZE = 192;

/** How many bytes a program may add to a packet and still have it returned whole. */
const HEADROOM = 512;

export interface TestRun {
  readonly data?: Uint8Array;
  /** struct xdp_md or struct __sk_buff in host byte order. */
  readonly context?: Uint8Array;
  readonly repeat?: number;
  /** TEST_FLAG bits. */
  readonly flags?: number;
  readonly cpu?: number;
  /** Frames per batch of a live run; kernel 5.18. */
  readonly batchSize?: number;
}

export interface TestRunResult {
  /** The program's return value: an XDP or TC action. */
  readonly retval: number;
  /** Mean of one run in nanoseconds, as the kernel measured it over `repeat` runs. */
  readonly durationNs: number;
  /** The packet afterwards; empty for live frames. */
  readonly data: Uint8Array;
  readonly context: Uint8Array;
}

/** @throws BpfError INVALID_INPUT also for a packet under 14 bytes, which the kernel does not run */
export function testRun(fd: number, run: TestRun): TestRunResult {
  const data = run.data ?? new Uint8Array(0);
  const live = (run.flags ?? 0) !== 0;
  const opts = allocate(OPTS_SIZE);
  const input = copied(data);
  const output = allocate(data.length + HEADROOM);
  const contextIn = copied(run.context ?? new Uint8Array(0));
  const contextOut = allocate(SK_BUFF_SIZE);
  const { view } = opts;
  view.setBigUint64(OPTS.size, BigInt(OPTS_SIZE), HOST_LE);
  view.setUint32(OPTS.repeat, run.repeat ?? 1, HOST_LE);
  view.setUint32(OPTS.flags, run.flags ?? 0, HOST_LE);
  view.setUint32(OPTS.cpu, run.cpu ?? 0, HOST_LE);
  view.setUint32(OPTS.batchSize, run.batchSize ?? 0, HOST_LE);
  if (data.length > 0) {
    view.setBigUint64(OPTS.dataIn, input.address, HOST_LE);
    view.setUint32(OPTS.dataSizeIn, data.length, HOST_LE);
    if (!live) {
      view.setBigUint64(OPTS.dataOut, output.address, HOST_LE);
      view.setUint32(OPTS.dataSizeOut, output.bytes.length, HOST_LE);
    }
  }
  if (run.context !== undefined) {
    view.setBigUint64(OPTS.ctxIn, contextIn.address, HOST_LE);
    view.setUint32(OPTS.ctxSizeIn, run.context.length, HOST_LE);
    if (!live) {
      view.setBigUint64(OPTS.ctxOut, contextOut.address, HOST_LE);
      view.setUint32(OPTS.ctxSizeOut, run.context.length, HOST_LE);
    }
  }
  check('test run', libbpf().bpf_prog_test_run_opts(fd, opts.bytes));
  return {
    retval: view.getUint32(OPTS.retval, HOST_LE),
    durationNs: view.getUint32(OPTS.duration, HOST_LE),
    data: output.bytes.slice(0, live ? 0 : view.getUint32(OPTS.dataSizeOut, HOST_LE)),
    context: contextOut.bytes.slice(0, live ? 0 : view.getUint32(OPTS.ctxSizeOut, HOST_LE)),
  };
}

export interface RunnerOptions {
  /** The largest packet; default 2048 bytes. */
  readonly maxPacket?: number;
  /** The size of the context struct; default 0, no context. */
  readonly contextSize?: number;
  /** Whether to copy the packet and the context back after each run; default false. */
  readonly output?: boolean;
}

/**
 * Runs one program on packet after packet with memory that is set up once, so that a run costs little more than its
 * system call. `input` and `context` keep their contents between runs.
 */
export class ProgramRunner {
  readonly input: Uint8Array;
  /** Written by the caller before a run; the kernel does not change it. */
  readonly context: Uint8Array;
  readonly #fd: number;
  readonly #opts: Block;
  readonly #words: Uint32Array;
  /** Kept here because the opts hold their addresses. */
  readonly #blocks: {
    readonly input: Block;
    readonly output: Block;
    readonly context: Block;
    readonly contextOut: Block;
  };
  readonly #keepsOutput: boolean;
  readonly #run: (fd: number, opts: Uint8Array) => number;

  constructor(fd: number, { maxPacket = 2048, contextSize = 0, output = false }: RunnerOptions = {}) {
    this.#fd = fd;
    this.#opts = allocate(OPTS_SIZE);
    this.#words = new Uint32Array(this.#opts.bytes.buffer);
    this.#keepsOutput = output;
    this.#blocks = {
      input: allocate(maxPacket),
      output: allocate(output ? maxPacket + HEADROOM : 0),
      context: allocate(contextSize),
      contextOut: allocate(contextSize),
    };
    this.input = this.#blocks.input.bytes.subarray(0, maxPacket);
    this.context = this.#blocks.context.bytes.subarray(0, contextSize);
    this.#run = libbpf().bpf_prog_test_run_opts;
    const { view } = this.#opts;
    view.setBigUint64(OPTS.size, BigInt(OPTS_SIZE), HOST_LE);
    view.setUint32(OPTS.repeat, 1, HOST_LE);
    view.setBigUint64(OPTS.dataIn, this.#blocks.input.address, HOST_LE);
    if (output) view.setBigUint64(OPTS.dataOut, this.#blocks.output.address, HOST_LE);
    if (contextSize > 0) {
      view.setBigUint64(OPTS.ctxIn, this.#blocks.context.address, HOST_LE);
      view.setUint32(OPTS.ctxSizeIn, contextSize, HOST_LE);
      if (output) view.setBigUint64(OPTS.ctxOut, this.#blocks.contextOut.address, HOST_LE);
    }
  }

  /** Copies the packet into `input` and runs. @returns the program's return value */
  run(packet: Uint8Array, repeat = 1): number {
    if (packet.length > this.input.length) {
      const reason = `the packet has ${packet.length} bytes, more than ${this.input.length}`;
      throw new BpfError('test run', 0, { code: 'INVALID_INPUT', reason });
    }
    this.input.set(packet);
    return this.runInput(packet.length, repeat);
  }

  /** Runs on the first `length` bytes of `input`. @returns the program's return value */
  runInput(length: number, repeat = 1): number {
    const words = this.#words;
    words[OPTS.dataSizeIn / 4] = length;
    words[OPTS.repeat / 4] = repeat;
    // The kernel leaves the last packet's size here; were it kept, a larger packet would be refused (ENOSPC).
    words[OPTS.dataSizeOut / 4] = this.#keepsOutput ? this.#blocks.output.bytes.length : 0;
    words[OPTS.ctxSizeOut / 4] = this.#keepsOutput ? this.context.length : 0;
    const result = this.#run(this.#fd, this.#opts.bytes);
    if (result < 0) check('test run', result);
    return words[OPTS.retval / 4]!;
  }

  /** The packet after the last run; overwritten by the next. */
  get output(): Uint8Array {
    return this.#blocks.output.bytes.subarray(0, this.#keepsOutput ? this.#words[OPTS.dataSizeOut / 4] : 0);
  }

  /** The context after the last run; overwritten by the next. */
  get contextOutput(): Uint8Array {
    return this.#blocks.contextOut.bytes.subarray(0, this.#keepsOutput ? this.#words[OPTS.ctxSizeOut / 4] : 0);
  }

  /** Mean of the last run in nanoseconds. */
  get durationNs(): number {
    return this.#words[OPTS.duration / 4]!;
  }
}

function copied(bytes: Uint8Array): Block {
  const block = allocate(bytes.length);
  block.bytes.set(bytes);
  return block;
}
