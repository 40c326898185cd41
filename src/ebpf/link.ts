import { BpfError, check } from './errors.ts';
import { Handle, readInfo } from './handle.ts';
import { libbpf } from './library.ts';
import { allocate, HOST_LE } from './memory.ts';
import { openPin, pin } from './pins.ts';
import type { BpfProgram } from './program.ts';
import { ATTACH_TYPE, LINK_REPLACE, LINK_TYPE } from './uapi.ts';

const CREATE_OPTS_SIZE = 64;
const UPDATE_OPTS_SIZE = 16;
const INFO_SIZE = 64;

export interface LinkInfo {
  readonly id: number;
  readonly programId: number;
  readonly type: 'xdp' | 'tcx' | 'other';
  /** 0 when the interface is gone. */
  readonly ifindex: number;
  /** Only of TCX links. */
  readonly direction?: 'ingress' | 'egress';
}

/**
 * A program attached somewhere (bpf_link). The attachment ends when the last descriptor of the link and its last pin
 * are gone, so a link that is neither pinned nor kept open ends with the process. Kernel 5.9 for XDP, 6.6 for TCX.
 */
export class BpfLink extends Handle {
  private constructor(fd: number) {
    super(fd);
  }

  /** Takes over a descriptor; it is closed when it turns out not to be a link. */
  static fromFd(fd: number): BpfLink {
    return Handle.adopt(fd, 'link', () => new BpfLink(fd));
  }

  /** @throws BpfError NOT_FOUND, NOT_ROOT */
  static openPinned(path: string): BpfLink {
    return BpfLink.fromFd(openPin(path));
  }

  /** @internal */
  static create(program: BpfProgram, target: number, attachType: number, flags: number): BpfLink | number {
    const opts = allocate(CREATE_OPTS_SIZE);
    opts.view.setBigUint64(0, BigInt(CREATE_OPTS_SIZE), HOST_LE);
    opts.view.setUint32(8, flags, HOST_LE);
    const fd = libbpf().bpf_link_create(program.fd, target, attachType, opts.bytes);
    return fd < 0 ? fd : new BpfLink(fd);
  }

  info(): LinkInfo {
    const { view } = readInfo(this.fd, allocate(INFO_SIZE)).block;
    const word = (offset: number) => view.getUint32(offset, HOST_LE);
    const common = { id: word(4), programId: word(8) };
    if (word(0) === LINK_TYPE.XDP) return { ...common, type: 'xdp', ifindex: word(16) };
    if (word(0) !== LINK_TYPE.TCX) return { ...common, type: 'other', ifindex: 0 };
    const direction = word(20) === ATTACH_TYPE.TCX_INGRESS ? 'ingress' : 'egress';
    return { ...common, type: 'tcx', ifindex: word(16), direction };
  }

  /**
   * Replaces the program atomically: every packet meets the old one or the new one.
   * @param expected refuse unless this program is the one that runs
   * @throws BpfError CONFLICT when another program runs
   */
  update(program: BpfProgram, expected?: BpfProgram): void {
    const opts = allocate(UPDATE_OPTS_SIZE);
    opts.view.setBigUint64(0, BigInt(UPDATE_OPTS_SIZE), HOST_LE);
    if (expected !== undefined) {
      opts.view.setUint32(8, LINK_REPLACE, HOST_LE);
      opts.view.setUint32(12, expected.fd, HOST_LE);
    }
    const result = libbpf().bpf_link_update(this.fd, program.fd, opts.bytes);
    if (result < 0 && expected !== undefined && -result === EPERM) {
      throw new BpfError('update link', EPERM, { code: 'CONFLICT', reason: 'the link runs another program' });
    }
    check('update link', result, { subject: program.name, ...(-result === ENOLINK ? { code: 'NOT_FOUND' } : {}) });
  }

  /** Ends the attachment now, whoever else holds the link. */
  detach(): void {
    check('detach link', libbpf().bpf_link_detach(this.fd));
  }

  /** @throws BpfError EXISTS, NO_BPFFS */
  pin(path: string): void {
    pin(this.fd, path);
  }
}

const EPERM = 1;
const ENOLINK = 67;
