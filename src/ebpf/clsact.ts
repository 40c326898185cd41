import { BpfError, check } from './errors.ts';
import { libbpf } from './library.ts';
import { allocate, type Block, HOST_LE } from './memory.ts';
import { captureMessages } from './messages.ts';
import type { BpfProgram } from './program.ts';
import type { TcAttachment, TcDirection } from './tc.ts';

/** Where a filter stands: the kernel knows it by these four. */
export interface ClsactPlace {
  readonly ifindex: number;
  readonly direction: TcDirection;
  readonly priority: number;
  readonly handle: number;
}

const HOOK_SIZE = 24;
const OPTS_SIZE = 32;
const ATTACH_POINT: Readonly<Record<TcDirection, number>> = { ingress: 1, egress: 2 };
const REPLACE = 1;
const ENOENT = 2;
const EEXIST = 17;
const EINVAL = 22;

/**
 * A direct-action bpf filter on the clsact qdisc (kernel 4.5), for kernels without TCX. The kernel keeps a filter until
 * it is removed, also when the process is killed. The qdisc stays: others may have filters on it.
 */
export class ClsactFilter implements TcAttachment {
  readonly backend = 'clsact';
  readonly #place: ClsactPlace;
  #persistent: boolean;

  constructor(place: ClsactPlace, persistent: boolean) {
    this.#place = place;
    this.#persistent = persistent;
  }

  get ifindex(): number {
    return this.#place.ifindex;
  }

  get direction(): TcDirection {
    return this.#place.direction;
  }

  programId(): number | undefined {
    const opts = options(this.#place);
    const { result } = captureMessages(() => libbpf().bpf_tc_query(hook(this.#place).bytes, opts.bytes));
    // EINVAL: there is not even a qdisc.
    if (result === -ENOENT || result === -EINVAL) return undefined;
    check('query tc', result, { subject: label(this.#place) });
    return opts.view.getUint32(16, HOST_LE);
  }

  update(program: BpfProgram): void {
    attach(this.#place, program, REPLACE);
  }

  persist(): void {
    this.#persistent = true;
  }

  detach(): void {
    const opts = options(this.#place);
    const { result, messages } = captureMessages(() => libbpf().bpf_tc_detach(hook(this.#place).bytes, opts.bytes));
    this.#persistent = true;
    if (result === -ENOENT || result === -EINVAL) return;
    check('detach tc', result, { subject: label(this.#place), messages });
  }

  [Symbol.dispose](): void {
    if (!this.#persistent) this.detach();
  }
}

/** @throws BpfError BUSY when another filter stands at that priority and handle */
export function attachClsact(program: BpfProgram, place: ClsactPlace): ClsactFilter {
  const { result, messages } = captureMessages(() => libbpf().bpf_tc_hook_create(hook(place).bytes));
  if (result !== -EEXIST) check('create clsact', result, { subject: label(place), messages });
  attach(place, program, 0);
  return new ClsactFilter(place, false);
}

function attach(place: ClsactPlace, program: BpfProgram, flags: number): void {
  const opts = options(place);
  opts.view.setUint32(8, program.fd, HOST_LE);
  opts.view.setUint32(12, flags, HOST_LE);
  const { result, messages } = captureMessages(() => libbpf().bpf_tc_attach(hook(place).bytes, opts.bytes));
  if (result >= 0) return;
  throw new BpfError('attach tc', -result, {
    subject: label(place),
    messages,
    ...(result === -EEXIST ? { code: 'BUSY' as const } : {}),
  });
}

/** struct bpf_tc_hook */
function hook({ ifindex, direction }: ClsactPlace): Block {
  const block = allocate(HOOK_SIZE);
  block.view.setBigUint64(0, BigInt(HOOK_SIZE), HOST_LE);
  block.view.setInt32(8, ifindex, HOST_LE);
  block.view.setUint32(12, ATTACH_POINT[direction], HOST_LE);
  return block;
}

/** struct bpf_tc_opts */
function options({ handle, priority }: ClsactPlace): Block {
  const block = allocate(OPTS_SIZE);
  block.view.setBigUint64(0, BigInt(OPTS_SIZE), HOST_LE);
  block.view.setUint32(20, handle, HOST_LE);
  block.view.setUint32(24, priority, HOST_LE);
  return block;
}

const label = ({ ifindex, direction }: ClsactPlace): string => `interface ${ifindex} ${direction} (clsact)`;
