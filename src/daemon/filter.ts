import type { DataPlane } from '../dataplane/dataplane.ts';
import type { Settings } from './settings.ts';

/** The packet filter with its maps in place. */
export interface PreparedFilter {
  readonly dataplane: DataPlane;
  /** Maps of an earlier run were taken over, and so was what they hold. */
  readonly adopted: boolean;
  /** What had to be done to the machine, for the operator to know. */
  readonly notices: readonly string[];
  /**
   * Puts the program on the interfaces. New maps are filled before, so that no packet is judged by half of the rules;
   * over adopted maps the old program works on until this one takes its place.
   * @throws NetxfwError INTERFACE_UNKNOWN, ATTACH_FAILED
   */
  attach(): void;
}

/** How this process gets at the packet filter: the kernel's, or one on memory in tests. */
export interface FilterDriver {
  /**
   * Makes the maps, or takes over those that are pinned.
   * @throws NetxfwError NOT_ROOT, NO_BPFFS, KERNEL_UNSUPPORTED, LIBRARY_MISSING, OBJECT_MISSING, LAYOUT_MISMATCH, ...
   */
  prepare(settings: Settings): PreparedFilter;
  /** What is pinned, for one more writer of its maps; null when nothing is. */
  open(settings: Settings): DataPlane | null;
  /** Takes the program off and removes the maps. @returns the interfaces that it was on */
  unload(pinPath: string): readonly string[];
}
