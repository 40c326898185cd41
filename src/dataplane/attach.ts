import { type BpfProgram, hasEthernetHeader, interfaceIndex, queryXdp } from '../ebpf/index.ts';
import { NetxfwError } from '../model/errors.ts';
import type { Attachment, XdpMode } from '../model/status.ts';
import { followEgress } from './attach-egress.ts';
import { detachInterface, followXdp, openLink } from './attach-xdp.ts';
import { guarded } from './failures.ts';
import { pinnedInterfaces, pinOf } from './pin-paths.ts';
import type { Undo } from './undo.ts';

export interface AttachOptions {
  /** Names, in the network namespace of the caller. */
  readonly interfaces: readonly string[];
  /** auto: native, else generic; a program that is attached already stays in its mode. */
  readonly mode: 'auto' | XdpMode;
}

export interface Programs {
  readonly xdp: BpfProgram;
  /** TC egress; undefined when there is none. */
  readonly egress: BpfProgram | undefined;
}

/**
 * The programs on the interfaces, by pinned links, which outlive the process. An interface that has a link gets the new
 * program by an atomic update, so that there is never a moment without a filter.
 */
export class Attachments {
  readonly #pinPath: string;
  /** Why native mode was not taken, by interface; known to the process that attached. */
  readonly #notes = new Map<string, string>();

  constructor(pinPath: string) {
    this.#pinPath = pinPath;
  }

  /** What is attached now; an interface that is gone is left out. */
  list(): Attachment[] {
    return pinnedInterfaces(this.#pinPath).flatMap((name) => {
      const pinned = openLink(pinOf.xdp(this.#pinPath, name));
      if (pinned === undefined) return [];
      using link = pinned;
      const { ifindex } = link.info();
      const attached = ifindex === 0 ? undefined : queryXdp(ifindex);
      if (attached === undefined) return [];
      return [{ interface: name, ifindex, mode: attached.mode, note: this.#notes.get(name) ?? null }];
    });
  }

  /**
   * Puts the programs on these interfaces; all or nothing, and `undo` takes it back. Egress comes first: what it records is
   * what the other program relies on.
   * @throws NetxfwError INTERFACE_UNKNOWN, ATTACH_FAILED
   */
  follow(programs: Programs, { interfaces, mode }: AttachOptions, undo: Undo): void {
    const places = interfaces.map((name) => {
      const ifindex = guarded(() => interfaceIndex(name));
      if (!guarded(() => hasEthernetHeader(name))) throw noEthernet(name);
      return { pinPath: this.#pinPath, name, ifindex };
    });
    if (programs.egress !== undefined) for (const place of places) followEgress(programs.egress, place, undo);
    for (const place of places) {
      const note = followXdp(programs.xdp, place, mode, undo);
      if (note === null) this.#notes.delete(place.name);
      else if (note !== undefined) this.#notes.set(place.name, note);
    }
  }

  /** Takes the programs off all other interfaces. */
  leaveOthers({ interfaces }: Pick<AttachOptions, 'interfaces'>): void {
    for (const name of pinnedInterfaces(this.#pinPath)) {
      if (!interfaces.includes(name)) detachInterface(this.#pinPath, name);
    }
  }
}

/** The program would take such packets for frames of an unknown kind, and let all of them pass. */
function noEthernet(name: string): NetxfwError {
  return new NetxfwError(
    'ATTACH_FAILED',
    `${name}: its packets have no Ethernet header, so the filter cannot read them`,
    {
      hint: 'Filter the Ethernet interface that they come through; packets inside a tunnel cannot be filtered.',
    },
  );
}
