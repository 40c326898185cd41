import type { DataPlane } from '../dataplane/dataplane.ts';
import type { PolicyChange } from '../dataplane/policy-plane.ts';
import type { Config } from '../model/config.ts';
import { NetxfwError } from '../model/errors.ts';
import { POLICY_KINDS, type PolicyKind } from '../model/policy-records.ts';
import { PrefixList } from '../model/prefix-list.ts';
import type { ListEdit } from '../store/store.ts';
import { differs, effective, openPorts, type PolicyState, union } from './policy-state.ts';

/** A change as the data plane has to make it. */
export interface PlaneChange {
  readonly lists: readonly ListEdit[];
  readonly inverse: () => readonly ListEdit[];
  readonly before: PolicyState;
  readonly after: PolicyState;
  /** A configuration to follow, and the one in force. */
  readonly config?: { readonly before: Config; readonly after: Config };
}

export interface Applied {
  readonly reload: PolicyChange | undefined;
  /** Takes everything back. @throws whatever the data plane says */
  undo(): void;
}

/** Makes a change in the data plane. When it throws, the data plane is as it was. */
export function applyToPlane(plane: DataPlane, change: PlaneChange): Applied {
  const undo = new Steps();
  try {
    const reload = change.config === undefined ? undefined : configureAround(plane, change, change.config, undo);
    if (change.config === undefined) applyLists(plane, change, undo);
    for (const kind of POLICY_KINDS) {
      if (differs(change.before, change.after, kind)) setKind(plane, kind, change.before, change.after, undo);
    }
    return { reload, undo: () => undo.run() };
  } catch (error) {
    undo.run();
    throw error;
  }
}

function applyLists(plane: DataPlane, { lists, inverse }: PlaneChange, undo: Steps): void {
  if (lists.length === 0) return;
  plane.applyLists(lists);
  undo.add(() => plane.applyLists(inverse()));
}

/**
 * Follows a configuration so that, whatever a packet meets on the way, it meets the old policy or the new one: what the new
 * one lets through or judges by itself comes before the switches, what the old one did goes after them.
 */
function configureAround(
  plane: DataPlane,
  change: PlaneChange,
  config: { readonly before: Config; readonly after: Config },
  undo: Steps,
): PolicyChange {
  const { lists, inverse, before, after } = change;
  if (lists.length > 0) undo.add(() => plane.applyLists(inverse()));
  plane.applyLists(lists.filter(({ put }) => put.length > 0).map((edit) => ({ ...edit, remove: new PrefixList() })));
  const both = union(before, after);
  for (const kind of POLICY_KINDS) {
    if (differs(before, after, kind)) attempt(() => setKind(plane, kind, before, both, undo));
  }
  const finish = () => {
    plane.applyLists(lists.filter(({ remove }) => remove.size > 0).map((edit) => ({ ...edit, put: [] })));
  };
  undo.add(() => plane.configure(config.before));
  let reload: PolicyChange;
  try {
    reload = plane.configure(config.after);
  } catch (error) {
    if (!isFull(error)) throw error;
    // Smaller tables may hold what is to be, but not what was besides.
    finish();
    for (const kind of POLICY_KINDS) setKind(plane, kind, before, after, undo);
    return plane.configure(config.after);
  }
  finish();
  return reload;
}

const isFull = (error: unknown): boolean => NetxfwError.from(error).code === 'MAP_FULL';

/** Old and new together may not fit where each alone does; then there is a moment between them. */
function attempt(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!isFull(error)) throw error;
  }
}

function setKind(plane: DataPlane, kind: PolicyKind, before: PolicyState, after: PolicyState, undo: Steps): void {
  write(plane, kind, after);
  undo.add(() => write(plane, kind, before));
}

/** Makes the data plane hold exactly a state. */
export function writePolicy(plane: DataPlane, state: PolicyState): void {
  for (const kind of POLICY_KINDS) write(plane, kind, state);
}

function write(plane: DataPlane, kind: PolicyKind, state: PolicyState): void {
  if (kind === 'limits') plane.setLimits(effective(state, 'limits'));
  else if (kind === 'ports') plane.setPorts(openPorts(state));
  else plane.setIpPortRules(effective(state, 'ipPortRules'));
}

/** Steps back, last first. A step that fails does not keep the others from being taken. */
class Steps {
  readonly #steps: (() => void)[] = [];

  add(step: () => void): void {
    this.#steps.push(step);
  }

  run(): void {
    const failures: unknown[] = [];
    for (const step of this.#steps.splice(0).reverse()) {
      try {
        step();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
