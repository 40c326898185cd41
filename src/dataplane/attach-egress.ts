import { attachTc, BpfProgram, openTc, unpin } from '../ebpf/index.ts';
import type { Place } from './attach-xdp.ts';
import { pinOf } from './pin-paths.ts';
import type { Undo } from './undo.ts';

/** Where the filter stands on kernels without TCX: our own place, so that it is found again and others are left alone. */
const CLSACT_PLACE = { priority: 0x4e58, handle: 1 };

/** Where a second program stands for a while; see `recordAlso`. */
const SECOND_PLACE = { priority: 0x4e59, handle: 1 };

/**
 * Runs another egress program behind the one that is attached, until disposed of: both record what is sent, each in its own
 * map. A process that dies meanwhile takes it along; what a kernel without TCX keeps is removed by the next change.
 */
export function recordAlso(program: BpfProgram, place: Place): Disposable {
  removeLeftOver(place);
  const attachment = attachTc(program, place.ifindex, 'egress', SECOND_PLACE);
  return { [Symbol.dispose]: () => attachment[Symbol.dispose]() };
}

function removeLeftOver({ pinPath, name, ifindex }: Place): void {
  const left = openTc(pinOf.tcx(pinPath, `${name}~`), ifindex, 'egress', SECOND_PLACE);
  if (left === undefined) return;
  left.detach();
  left[Symbol.dispose]();
}

/** Updates the egress program of an interface, or attaches it; it outlives the process. */
export function followEgress(program: BpfProgram, place: Place, undo: Undo): void {
  const path = pinOf.tcx(place.pinPath, place.name);
  const existing = openTc(path, place.ifindex, 'egress', CLSACT_PLACE);
  if (existing === undefined) {
    unpin(path);
    const attachment = undo.hold(attachTc(program, place.ifindex, 'egress', CLSACT_PLACE));
    attachment.persist(path);
    undo.add(() => detachEgress(place));
    return;
  }
  const attachment = undo.hold(existing);
  if (attachment.backend === 'clsact') removeLeftOver(place);
  const previous = undo.hold(BpfProgram.openId(attachment.programId()!));
  attachment.update(program);
  undo.add(() => attachment.update(previous));
}

export function detachEgress(place: Place): void {
  const path = pinOf.tcx(place.pinPath, place.name);
  const existing = openTc(path, place.ifindex, 'egress', CLSACT_PLACE);
  if (existing !== undefined) {
    using attachment = existing;
    attachment.detach();
    if (attachment.backend === 'clsact') removeLeftOver(place);
  }
  unpin(path);
}

/** The egress program that an interface has from us; undefined: none. */
export function egressProgram({ pinPath, name, ifindex }: Place): number | undefined {
  const found = openTc(pinOf.tcx(pinPath, name), ifindex, 'egress', CLSACT_PLACE);
  if (found === undefined) return undefined;
  using attachment = found;
  return attachment.programId();
}
