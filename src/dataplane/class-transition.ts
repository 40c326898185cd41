/**
 * From the port classes that the kernel has to those that it shall have, so that each packet meets the old rules or the
 * new ones. A new set of entries gets a class of its own, written before a port points to it. A class changes in place
 * only by one entry, and only when it gains no ports. That is one step for the kernel; several steps would show packets
 * a mixture, in whatever order they came, because the program looks a class up twice.
 */
import type { ClassEntries, ClassEntry, PortClass } from './port-classes.ts';

/** Class ids are u16; 0 stands for ports that no rule names. */
export const CLASS_IDS = 65_535;

/** A class that the kernel has. */
export interface CurrentClass {
  readonly entries: ClassEntries;
  readonly signature: string;
}

/** One entry that comes, goes or says something else. */
export interface EntryChange {
  readonly id: number;
  readonly entry: ClassEntry;
  readonly action: 'put' | 'remove';
}

export interface Transition {
  /** Written completely before a port points to them. */
  readonly fresh: readonly { readonly id: number; readonly entries: ClassEntries }[];
  /** The class of every port afterwards. */
  readonly classOf: Uint16Array;
  /** Made when no port points to these classes any more that shall not. */
  readonly changed: readonly EntryChange[];
  /** Classes without ports, removed last. */
  readonly dropped: readonly number[];
  /** All classes afterwards. */
  readonly classes: ReadonlyMap<number, CurrentClass>;
  /** Class ids that were missing; nothing may be done then. */
  readonly missingIds: number;
}

/** @param classOf the class of every port now */
export function planTransition(
  current: ReadonlyMap<number, CurrentClass>,
  classOf: Uint16Array,
  wanted: readonly PortClass[],
): Transition {
  const chosen = assign(current, classOf, wanted);
  const kept = new Set([...chosen.values()].map(({ id }) => id));
  const free = freeIds(current, classOf);
  const after = new Map<number, CurrentClass>();
  const target = new Uint16Array(classOf.length);
  const fresh: { id: number; entries: ClassEntries }[] = [];
  const changed: EntryChange[] = [];
  let missingIds = 0;
  for (const one of wanted) {
    const old = chosen.get(one);
    const id = old?.id ?? free.next().value;
    if (id === undefined) {
      missingIds++;
      continue;
    }
    const { entries, signature } = one;
    if (old === undefined) fresh.push({ id, entries });
    else if (old.change !== undefined) changed.push(old.change);
    after.set(id, { entries, signature });
    for (const [from, to] of one.ranges) target.fill(id, from, to + 1);
  }
  const dropped = [...current.keys()].filter((id) => !kept.has(id));
  return { fresh, classOf: target, changed, dropped, classes: after, missingIds };
}

interface Choice {
  readonly id: number;
  readonly change?: EntryChange;
}

/** Which existing class each wanted one takes over. */
function assign(
  current: ReadonlyMap<number, CurrentClass>,
  classOf: Uint16Array,
  wanted: readonly PortClass[],
): ReadonlyMap<PortClass, Choice> {
  const chosen = new Map<PortClass, Choice>();
  const taken = new Set<number>();
  const bySignature = new Map([...current].map(([id, { signature }]) => [signature, id]));
  for (const one of wanted) {
    const id = bySignature.get(one.signature);
    if (id === undefined) continue;
    chosen.set(one, { id });
    taken.add(id);
  }
  for (const one of wanted) {
    if (chosen.has(one)) continue;
    const id = commonClass(one, classOf);
    const old = current.get(id);
    if (old === undefined || taken.has(id)) continue;
    const change = onlyChange(id, old.entries, one.entries);
    if (change === undefined) continue;
    chosen.set(one, { id, change });
    taken.add(id);
  }
  return chosen;
}

/** What differs, when it is one entry. */
function onlyChange(id: number, from: ClassEntries, to: ClassEntries): EntryChange | undefined {
  if (Math.abs(from.size - to.size) > 1) return undefined;
  const changes: EntryChange[] = [];
  for (const [key, entry] of to) {
    const old = from.get(key);
    if (old?.action !== entry.action || old.reason !== entry.reason) changes.push({ id, entry, action: 'put' });
    if (changes.length > 1) return undefined;
  }
  for (const [key, entry] of from) {
    if (!to.has(key)) changes.push({ id, entry, action: 'remove' });
    if (changes.length > 1) return undefined;
  }
  return changes[0];
}

/** The class that all of its ports have now; 0 when they differ. */
function commonClass({ ranges }: PortClass, classOf: Uint16Array): number {
  const id = classOf[ranges[0]![0]]!;
  for (const [from, to] of ranges) for (let port = from; port <= to; port++) if (classOf[port] !== id) return 0;
  return id;
}

function* freeIds(current: ReadonlyMap<number, CurrentClass>, classOf: Uint16Array): Generator<number, undefined> {
  const pointed = new Set(classOf);
  for (let id = 1; id <= CLASS_IDS; id++) if (!current.has(id) && !pointed.has(id)) yield id;
  return undefined;
}
