import { BpfError, type BpfErrorCode, check } from './errors.ts';
import { interfaceName } from './interfaces.ts';
import { libbpf } from './library.ts';
import { BpfLink } from './link.ts';
import { allocate, HOST_LE } from './memory.ts';
import { captureMessages } from './messages.ts';
import { BpfProgram } from './program.ts';
import { ATTACH_TYPE, XDP_FLAG } from './uapi.ts';

/** In the driver, in the stack after the driver (any interface), or on the card. */
export type XdpMode = 'native' | 'generic' | 'offload';

const MODE_FLAGS: Readonly<Record<XdpMode, number>> = {
  native: XDP_FLAG.DRV_MODE,
  generic: XDP_FLAG.SKB_MODE,
  offload: XDP_FLAG.HW_MODE,
};

/** XDP_ATTACHED_*: none, native, generic, offload, several at once. */
const ATTACHED: readonly (XdpMode | undefined)[] = [undefined, 'native', 'generic', 'offload', 'native'];

const QUERY_OPTS_SIZE = 32;

export interface XdpAttached {
  readonly mode: XdpMode;
  readonly programId: number;
  /** Undefined when the program is gone meanwhile, or ids may not be opened. */
  readonly programName: string | undefined;
}

/**
 * Attaches a program to an interface of the current network namespace. Kernel 5.9.
 * @throws BpfError BUSY when another program is attached, INTERFACE_UNKNOWN, NOT_ROOT, or ATTACH_FAILED with the
 * driver's own reason
 */
export function attachXdp(program: BpfProgram, ifindex: number, mode: XdpMode): BpfLink {
  const link = BpfLink.create(program, ifindex, ATTACH_TYPE.XDP, MODE_FLAGS[mode]);
  if (link instanceof BpfLink) return link;
  const name = interfaceName(ifindex);
  const subject = `${name ?? `interface ${ifindex}`} ${mode}`;
  if (name === undefined) throw new BpfError('attach xdp', ENODEV, { subject });
  const reason = -link === EBUSY || -link === EEXIST ? undefined : driverReason(program, ifindex, mode);
  const code: BpfErrorCode | undefined = REFUSALS[-link];
  throw new BpfError('attach xdp', -link, {
    subject,
    reason,
    code: code ?? 'ATTACH_FAILED',
    ...(reason === undefined ? {} : { messages: [reason] }),
  });
}

/** @returns the program attached to an interface, by whatever means, or undefined */
export function queryXdp(ifindex: number): XdpAttached | undefined {
  const opts = allocate(QUERY_OPTS_SIZE);
  opts.view.setBigUint64(0, BigInt(QUERY_OPTS_SIZE), HOST_LE);
  const { result } = captureMessages(() => libbpf().bpf_xdp_query(ifindex, 0, opts.bytes));
  check('query xdp', result, { subject: `interface ${ifindex}` });
  const mode = ATTACHED[opts.view.getUint8(24)];
  if (mode === undefined) return undefined;
  const [any, driver, card, stack] = [8, 12, 16, 20].map((offset) => opts.view.getUint32(offset, HOST_LE));
  const programId = any || driver || card || stack || 0;
  return { mode, programId, programName: programName(programId) };
}

/**
 * A link tells only an errno; the older netlink call passes on what the driver says. It is made only after the link was
 * refused, never replaces a program, and is undone should it succeed after all.
 */
function driverReason(program: BpfProgram, ifindex: number, mode: XdpMode): string | undefined {
  const flags = MODE_FLAGS[mode];
  const { result, messages } = captureMessages(() =>
    libbpf().bpf_xdp_attach(ifindex, program.fd, flags | XDP_FLAG.UPDATE_IF_NOEXIST, null),
  );
  if (result === 0) libbpf().bpf_xdp_detach(ifindex, flags, null);
  const said = messages.find((message) => message.startsWith('Kernel error message: '));
  return said?.slice('Kernel error message: '.length);
}

function programName(id: number): string | undefined {
  try {
    using program = BpfProgram.openId(id);
    return program.name;
  } catch {
    return undefined;
  }
}

const EPERM = 1;
const EBUSY = 16;
const EEXIST = 17;
const ENODEV = 19;
const REFUSALS: Readonly<Record<number, BpfErrorCode>> = { [EPERM]: 'NOT_ROOT', [EBUSY]: 'BUSY', [EEXIST]: 'BUSY' };
