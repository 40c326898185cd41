import { check } from './errors.ts';
import { Handle, readInfo } from './handle.ts';
import { libbpf } from './library.ts';
import { allocate, HOST_LE, readText } from './memory.ts';
import { openPin, pin } from './pins.ts';
import { ProgramRunner, type TestRun, type TestRunResult, testRun } from './test-run.ts';

const MAX_MAPS = 64;
const INFO_SIZE = 232;
const VERIFIED_INSNS = 216;

/** What the kernel knows of a program (struct bpf_prog_info). Sizes in bytes. */
export interface ProgramInfo {
  readonly type: number;
  readonly id: number;
  /** SHA of the instructions, 16 hexadecimal digits: equal tags, equal code. */
  readonly tag: string;
  readonly name: string;
  readonly xlatedSize: number;
  readonly jitedSize: number;
  /** Instructions that the verifier walked; kernel 5.16. */
  readonly verifiedInsns: number | undefined;
  /** At most the first 64. */
  readonly mapIds: readonly number[];
  /** Nanoseconds and runs since kernel.bpf_stats_enabled was set. */
  readonly runTimeNs: bigint;
  readonly runCount: bigint;
}

/** A program in the kernel, held by a descriptor of its own. */
export class BpfProgram extends Handle {
  readonly info: ProgramInfo;

  private constructor(fd: number) {
    super(fd);
    this.info = readProgramInfo(fd);
  }

  /** Takes over a descriptor; it is closed when it turns out not to be a program. */
  static fromFd(fd: number): BpfProgram {
    return Handle.adopt(fd, 'prog', () => new BpfProgram(fd));
  }

  /** @throws BpfError NOT_FOUND, NOT_ROOT */
  static openPinned(path: string): BpfProgram {
    return BpfProgram.fromFd(openPin(path));
  }

  /** Opens a program by its id. Kernel 4.13; needs CAP_SYS_ADMIN. */
  static openId(id: number): BpfProgram {
    return BpfProgram.fromFd(check('bpf_prog_get_fd_by_id', libbpf().bpf_prog_get_fd_by_id(id), { subject: `${id}` }));
  }

  get name(): string {
    return this.info.name;
  }

  /** Reads the info again: run times move. */
  readInfo(): ProgramInfo {
    return readProgramInfo(this.fd);
  }

  /** @throws BpfError EXISTS, NO_BPFFS */
  pin(path: string): void {
    pin(this.fd, path);
  }

  /** Runs the program on one packet (BPF_PROG_TEST_RUN), with all options. Kernel 4.12; context for XDP 5.15. */
  testRun(run: TestRun): TestRunResult {
    return testRun(this.fd, run);
  }

  /** Prepares many runs. The runner uses this program's descriptor and must not outlive it. */
  runner(options?: ConstructorParameters<typeof ProgramRunner>[1]): ProgramRunner {
    return new ProgramRunner(this.fd, options);
  }
}

function readProgramInfo(fd: number): ProgramInfo {
  const block = allocate(INFO_SIZE);
  const maps = allocate(MAX_MAPS * 4);
  block.view.setUint32(52, MAX_MAPS, HOST_LE);
  block.view.setBigUint64(56, maps.address, HOST_LE);
  const { length } = readInfo(fd, block);
  const { view, bytes } = block;
  const word = (offset: number) => view.getUint32(offset, HOST_LE);
  const mapCount = Math.min(word(52), MAX_MAPS);
  return {
    type: word(0),
    id: word(4),
    tag: Buffer.from(bytes.subarray(8, 16)).toString('hex'),
    jitedSize: word(16),
    xlatedSize: word(20),
    mapIds: Array.from({ length: mapCount }, (_, i) => maps.view.getUint32(i * 4, HOST_LE)),
    name: readText(bytes.subarray(64, 80)),
    runTimeNs: view.getBigUint64(192, HOST_LE),
    runCount: view.getBigUint64(200, HOST_LE),
    verifiedInsns: length >= VERIFIED_INSNS + 4 ? word(VERIFIED_INSNS) : undefined,
  };
}
