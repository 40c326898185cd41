import { attachClsact, ClsactFilter, type ClsactPlace } from './clsact.ts';
import { BpfError } from './errors.ts';
import { interfaceName } from './interfaces.ts';
import { BpfLink } from './link.ts';
import type { BpfProgram } from './program.ts';
import { ATTACH_TYPE } from './uapi.ts';

export type TcDirection = 'ingress' | 'egress';
export type TcBackend = 'tcx' | 'clsact';

/**
 * A program attached to one direction of an interface's traffic control, by either of the kernel's two ways. A clsact
 * filter is reached through the network namespace that the caller is in: use and dispose of it where it was made.
 */
export interface TcAttachment extends Disposable {
  readonly backend: TcBackend;
  readonly ifindex: number;
  readonly direction: TcDirection;
  /** The program that runs there now; undefined when the attachment is gone. */
  programId(): number | undefined;
  /** Replaces the program atomically. */
  update(program: BpfProgram): void;
  /** Makes the attachment outlive its handle and the process. A link is pinned at `path`; a filter stays by itself. */
  persist(path: string): void;
  /** Ends the attachment, persistent or not. */
  detach(): void;
}

export interface TcOptions {
  /** `auto` (default): TCX (kernel 6.6), else a clsact filter (kernel 4.5). */
  readonly backend?: TcBackend | 'auto';
  /** Where a clsact filter stands among others; default 1, 1. */
  readonly priority?: number;
  readonly handle?: number;
}

class TcxAttachment implements TcAttachment {
  readonly backend = 'tcx';
  readonly #link: BpfLink;
  readonly ifindex: number;
  readonly direction: TcDirection;

  constructor(link: BpfLink, ifindex: number, direction: TcDirection) {
    this.#link = link;
    this.ifindex = ifindex;
    this.direction = direction;
  }

  programId(): number | undefined {
    const { ifindex, programId } = this.#link.info();
    return ifindex === 0 ? undefined : programId;
  }

  update(program: BpfProgram): void {
    this.#link.update(program);
  }

  persist(path: string): void {
    this.#link.pin(path);
  }

  detach(): void {
    this.#link.detach();
  }

  [Symbol.dispose](): void {
    this.#link[Symbol.dispose]();
  }
}

/**
 * Attaches a program to an interface of the current network namespace, after the programs that are there already. The
 * attachment ends when the handle is disposed of, unless persist() was called.
 * @throws BpfError KERNEL_UNSUPPORTED, INTERFACE_UNKNOWN, BUSY, NOT_ROOT, ATTACH_FAILED
 */
export function attachTc(
  program: BpfProgram,
  ifindex: number,
  direction: TcDirection,
  { backend = 'auto', priority = 1, handle = 1 }: TcOptions = {},
): TcAttachment {
  const subject = `${interfaceName(ifindex) ?? `interface ${ifindex}`} ${direction}`;
  if (interfaceName(ifindex) === undefined) throw new BpfError('attach tc', ENODEV, { subject });
  if (backend !== 'clsact') {
    const type = direction === 'ingress' ? ATTACH_TYPE.TCX_INGRESS : ATTACH_TYPE.TCX_EGRESS;
    const link = BpfLink.create(program, ifindex, type, 0);
    if (link instanceof BpfLink) return new TcxAttachment(link, ifindex, direction);
    const unknown = -link === EINVAL;
    if (!unknown || backend === 'tcx') {
      const options = unknown ? ({ code: 'KERNEL_UNSUPPORTED', hint: 'TCX needs kernel 6.6.' } as const) : {};
      throw new BpfError('attach tc', -link, { subject, ...options });
    }
  }
  return attachClsact(program, { ifindex, direction, priority, handle });
}

/**
 * Finds a persistent attachment again, whichever way it was made.
 * @param path where a link would be pinned
 * @returns undefined when there is none
 */
export function openTc(
  path: string,
  ifindex: number,
  direction: TcDirection,
  { priority = 1, handle = 1 }: TcOptions = {},
): TcAttachment | undefined {
  try {
    const link = BpfLink.openPinned(path);
    const info = link.info();
    if (info.ifindex === ifindex && info.direction === direction) return new TcxAttachment(link, ifindex, direction);
    link[Symbol.dispose]();
  } catch (error) {
    if (!(error instanceof BpfError) || error.code !== 'NOT_FOUND') throw error;
  }
  const place: ClsactPlace = { ifindex, direction, priority, handle };
  const filter = new ClsactFilter(place, true);
  return filter.programId() === undefined ? undefined : filter;
}

const ENODEV = 19;
const EINVAL = 22;
