import { attachXdp, BpfError, BpfLink, BpfProgram, interfaceName, queryXdp, unpin } from '../ebpf/index.ts';
import { NetxfwError } from '../model/errors.ts';
import type { XdpMode } from '../model/status.ts';
import { detachEgress } from './attach-egress.ts';
import { toNetxfwError } from './failures.ts';
import { pinOf } from './pin-paths.ts';
import type { Undo } from './undo.ts';
import { adviseXdp } from './xdp-advice.ts';

/** An interface, and the pin path whose link it has or shall have. */
export interface Place {
  readonly pinPath: string;
  readonly name: string;
  readonly ifindex: number;
}

/**
 * Updates the link of an interface, or attaches and pins a new one.
 * @returns why native mode was not taken; null: it was; undefined: the link was there already
 * @throws NetxfwError ATTACH_FAILED, NOT_ROOT
 */
export function followXdp(
  program: BpfProgram,
  place: Place,
  mode: 'auto' | XdpMode,
  undo: Undo,
): string | null | undefined {
  const path = pinOf.xdp(place.pinPath, place.name);
  const existing = openLink(path);
  if (existing !== undefined) {
    const link = undo.hold(existing);
    const { ifindex, programId } = link.info();
    if (ifindex !== 0) {
      const previous = undo.hold(BpfProgram.openId(programId));
      const previousMode = queryXdp(ifindex)?.mode ?? 'generic';
      if (ifindex === place.ifindex && (mode === 'auto' || mode === previousMode)) {
        link.update(program);
        undo.add(() => link.update(previous));
        return undefined;
      }
      // Another mode is asked for, which the kernel takes only after the old one went.
      link.detach();
      undo.add(() => undo.hold(attachXdp(previous, ifindex, previousMode)).pin(path));
    }
    unpin(path);
  }
  const { link, note } = attach(program, place, mode);
  undo.hold(link).pin(path);
  undo.add(() => detachInterface(place.pinPath, place.name));
  return note;
}

function attach(
  program: BpfProgram,
  { name, ifindex }: Place,
  mode: 'auto' | XdpMode,
): { readonly link: BpfLink; readonly note: string | null } {
  try {
    return { link: attachXdp(program, ifindex, mode === 'auto' ? 'native' : mode), note: null };
  } catch (error) {
    if (mode !== 'auto' || !(error instanceof BpfError) || error.code === 'NOT_ROOT' || error.code === 'BUSY') {
      throw refusal(name, ifindex, error);
    }
    try {
      return { link: attachXdp(program, ifindex, 'generic'), note: explained(name, reasonOf(error)) };
    } catch (generic) {
      throw refusal(name, ifindex, generic);
    }
  }
}

/** The driver's own words when there are any, else the kernel's. */
const reasonOf = (error: BpfError): string => error.messages[0] ?? error.message;

function explained(name: string, reason: string): string {
  const command = adviseXdp(name, reason);
  return command === undefined ? reason : `${reason}; try: ${command}`;
}

function refusal(name: string, ifindex: number, error: unknown): NetxfwError {
  if (!(error instanceof BpfError) || error.code === 'NOT_ROOT' || error.code === 'INTERFACE_UNKNOWN') {
    return toNetxfwError(error);
  }
  if (error.code === 'BUSY') {
    const other = queryXdp(ifindex);
    const who = other === undefined ? '' : ` ${other.programName ?? '?'} (id ${other.programId}, ${other.mode})`;
    return new NetxfwError('ATTACH_FAILED', `${name}: another XDP program${who} is attached`, {
      cause: error,
      hint: `Detach it with the program that attached it, or: ip link set dev ${name} xdp off`,
    });
  }
  const reason = reasonOf(error);
  const command = adviseXdp(name, reason);
  const hint = command === undefined ? 'Take another base.xdp_mode: auto or generic.' : `Try: ${command}`;
  return new NetxfwError('ATTACH_FAILED', `${name}: ${reason}`, { cause: error, hint });
}

/** @returns undefined when nothing is pinned there */
export function openLink(path: string): BpfLink | undefined {
  try {
    return BpfLink.openPinned(path);
  } catch (error) {
    if (error instanceof BpfError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

/** Takes the programs off an interface, whatever of them is there, and removes the pins. */
export function detachInterface(pinPath: string, name: string): void {
  const path = pinOf.xdp(pinPath, name);
  const pinned = openLink(path);
  if (pinned !== undefined) {
    using link = pinned;
    const { ifindex } = link.info();
    if (ifindex !== 0) {
      detachEgress({ pinPath, name: interfaceName(ifindex) ?? name, ifindex });
      link.detach();
    }
  }
  unpin(pinOf.tcx(pinPath, name));
  unpin(path);
}
