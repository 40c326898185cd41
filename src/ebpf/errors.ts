import { getSystemErrorMap } from 'node:util';
import { LIBBPF_ERRNO } from './uapi.ts';

/** The codes that also stand in the error table of the product mean the same there; the rest are finer grained. */
export type BpfErrorCode =
  | 'LIBRARY_MISSING'
  | 'OBJECT_MISSING'
  | 'OBJECT_INVALID'
  | 'NOT_ROOT'
  | 'NO_BPFFS'
  | 'MAP_FULL'
  | 'NO_MEMORY'
  | 'NOT_FOUND'
  | 'EXISTS'
  | 'BUSY'
  | 'LOCKED'
  | 'KERNEL_UNSUPPORTED'
  | 'LAYOUT_MISMATCH'
  | 'INTERFACE_UNKNOWN'
  | 'ATTACH_FAILED'
  | 'CONFLICT'
  | 'VERIFIER_REJECTED'
  | 'CLOSED'
  | 'INVALID_INPUT'
  | 'KERNEL_FAILED';

export interface BpfErrorOptions {
  /** What the operation was about: a map, a path, an interface. */
  readonly subject?: string | undefined;
  readonly code?: BpfErrorCode | undefined;
  readonly hint?: string | undefined;
  /** Replaces the system's text for errno. */
  readonly reason?: string | undefined;
  /** What libbpf said while the operation ran. */
  readonly messages?: readonly string[];
  readonly cause?: unknown;
}

/** A failed operation on the kernel or on libbpf. `errno` is positive, or 0 when no system call failed. */
export class BpfError extends Error {
  override readonly name: string = 'BpfError';
  readonly op: string;
  readonly errno: number;
  readonly code: BpfErrorCode;
  readonly hint: string;
  readonly messages: readonly string[];

  constructor(op: string, errno: number, options: BpfErrorOptions = {}) {
    const reason = options.reason ?? describe(errno);
    const where = options.subject === undefined ? op : `${op} ${options.subject}`;
    super(`${where}: ${reason}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.op = op;
    this.errno = errno;
    this.code = options.code ?? CODES[errnoName(errno)] ?? 'KERNEL_FAILED';
    this.hint = options.hint ?? HINTS[this.code];
    this.messages = options.messages ?? [];
  }
}

/** The verifier refused a program. The message is one line; the whole log is in `details.log`. */
export class VerifierError extends BpfError {
  override readonly name = 'VerifierError';
  readonly details: { readonly program: string; readonly log: string };

  constructor(program: string, errno: number, log: string, messages: readonly string[] = []) {
    super('verify', errno, {
      subject: `program ${program}`,
      code: 'VERIFIER_REJECTED',
      reason: summarize(log) || describe(errno),
      messages,
    });
    this.details = { program, log };
  }
}

/** @returns the first complaint after the last instruction that was looked at: the line a reader wants first */
export function summarize(log: string): string {
  const lines = log.split('\n').map((line) => line.trim());
  const meaningful = lines.filter(
    (line) => line !== '' && !/^(processed \d+ insns|verification time|stack depth|max_states)/.test(line),
  );
  return meaningful.at(-1) ?? '';
}

/** Passes a result through, or throws what a negative errno means. */
export function check(op: string, result: number, options: BpfErrorOptions = {}): number {
  if (result < 0) throw new BpfError(op, -result, options);
  return result;
}

/** @returns ENOENT, EINVAL, ... or the number as text */
export function errnoName(errno: number): string {
  if (errno === ENOTSUPP) return 'ENOTSUPP';
  return getSystemErrorMap().get(-errno)?.[0] ?? String(errno);
}

function describe(errno: number): string {
  const own = LIBBPF_ERRNO[errno];
  if (own !== undefined) return own;
  if (errno === ENOTSUPP) return 'operation not supported (ENOTSUPP)';
  const known = getSystemErrorMap().get(-errno);
  return known === undefined ? `errno ${errno}` : `${known[1]} (${known[0]})`;
}

/** The kernel's own "not supported", which the C library has no name for. */
export const ENOTSUPP = 524;

const CODES: Readonly<Record<string, BpfErrorCode>> = {
  EPERM: 'NOT_ROOT',
  EACCES: 'NOT_ROOT',
  ENOENT: 'NOT_FOUND',
  EEXIST: 'EXISTS',
  EBUSY: 'BUSY',
  ENOMEM: 'NO_MEMORY',
  E2BIG: 'MAP_FULL',
  ENOSPC: 'MAP_FULL',
  ENODEV: 'INTERFACE_UNKNOWN',
  ENOTSUPP: 'KERNEL_UNSUPPORTED',
  EOPNOTSUPP: 'KERNEL_UNSUPPORTED',
  ENOTSUP: 'KERNEL_UNSUPPORTED',
  ENOSYS: 'KERNEL_UNSUPPORTED',
  EINVAL: 'INVALID_INPUT',
};

const HINTS: Readonly<Record<BpfErrorCode, string>> = {
  LIBRARY_MISSING: 'Install libbpf: apt-get install libbpf1',
  OBJECT_MISSING: 'Build the BPF object first.',
  OBJECT_INVALID: 'Build the BPF object again; the file is damaged or is not an eBPF object.',
  NOT_ROOT: 'Run as root, or with CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON.',
  NO_BPFFS: 'Mount it: mount -t bpf bpf /sys/fs/bpf',
  MAP_FULL: 'Create the map with more entries.',
  NO_MEMORY: 'Free memory, or create smaller maps.',
  NOT_FOUND: 'Check the name, the key or the path.',
  EXISTS: 'Remove what is there, or use it.',
  BUSY: 'Something else is attached there; detach it first.',
  LOCKED: 'Wait until the other process has finished.',
  KERNEL_UNSUPPORTED: 'Run a newer kernel, or do without the feature.',
  LAYOUT_MISMATCH: 'Remove the pinned map of the other layout first.',
  INTERFACE_UNKNOWN: 'List the interfaces with `ip link`.',
  ATTACH_FAILED: 'Try the generic mode, which works on every interface.',
  CONFLICT: 'Read the current state and try again.',
  VERIFIER_REJECTED: 'Read the verifier log in details.log.',
  CLOSED: 'The handle was used after it was disposed of.',
  INVALID_INPUT: 'Check the arguments; an older kernel says the same of a feature that it does not know.',
  KERNEL_FAILED: 'See dmesg.',
};
