/**
 * How ip+port rules lie in the map ip_port_rules: ports that all rules treat alike share a class, and the entries of a
 * class are keyed by protocol and source prefix. A rule over a range of ports is an entry of every class in the range.
 */
import { createHash } from 'node:crypto';
import type { PortProtocol } from '../model/ports.ts';
import { formatPrefix, type Prefix } from '../model/prefixes.ts';
import type { IpPortEntry } from './policy-plane.ts';

/** What an entry of ip_port_rules says, without its class. */
export interface ClassEntry {
  readonly prefix: Prefix;
  readonly protocol: PortProtocol;
  readonly action: IpPortEntry['action'];
  readonly reason: string;
}

/** Entries by `entryKey`. */
export type ClassEntries = ReadonlyMap<string, ClassEntry>;

export interface PortClass {
  /** Ports from and to, both included. */
  readonly ranges: readonly (readonly [number, number])[];
  readonly entries: ClassEntries;
  /** Equal exactly when the entries are. */
  readonly signature: string;
}

export interface ClassPlan {
  readonly classes: readonly PortClass[];
  /** Entries of all classes together. When it is over the limit, `classes` is incomplete. */
  readonly size: number;
}

/** What may stand only once in a class. */
export function entryKey({ prefix, protocol }: Pick<ClassEntry, 'prefix' | 'protocol'>): string {
  return `${protocol} ${formatPrefix(prefix)}`;
}

/**
 * Sorts the ports into classes. Where rules with the same prefix and protocol meet at a port, the narrower range decides;
 * of equally wide ones, deny.
 * @param limit entries beyond which nothing is drawn up any more
 */
export function planClasses(rules: readonly IpPortEntry[], limit: number): ClassPlan {
  const sweep = new Sweep();
  const classes = new Map<string, { ranges: (readonly [number, number])[]; entries: ClassEntries }>();
  let size = 0;
  const boundaries = boundariesOf(rules);
  for (const [i, { port, begin, end }] of boundaries.entries()) {
    for (const rule of end) sweep.remove(rule);
    for (const rule of begin) sweep.add(rule);
    if (sweep.size === 0) continue;
    const range = [port, boundaries[i + 1]!.port - 1] as const;
    const signature = sweep.signature();
    const known = classes.get(signature);
    if (known !== undefined) {
      known.ranges.push(range);
      continue;
    }
    size += sweep.size;
    classes.set(signature, { ranges: [range], entries: size <= limit ? sweep.entries() : new Map() });
  }
  return { classes: [...classes].map(([signature, one]) => ({ ...one, signature })), size };
}

interface Boundary {
  readonly port: number;
  readonly begin: IpPortEntry[];
  readonly end: IpPortEntry[];
}

/** Where rules begin and end, ascending; at the last one nothing begins. */
function boundariesOf(rules: readonly IpPortEntry[]): Boundary[] {
  const boundaries = new Map<number, Boundary>();
  const at = (port: number) => {
    let boundary = boundaries.get(port);
    if (boundary === undefined) {
      boundary = { port, begin: [], end: [] };
      boundaries.set(port, boundary);
    }
    return boundary;
  };
  for (const rule of rules) {
    at(rule.from).begin.push(rule);
    at(rule.to + 1).end.push(rule);
  }
  return [...boundaries.values()].sort((a, b) => a.port - b.port);
}

const SIGNATURE_WORDS = 4;

/** The entries that hold at a port, kept up to date while the port moves upward. */
class Sweep {
  /** Rules that meet there, by entry key, the deciding one first. */
  readonly #active = new Map<string, IpPortEntry[]>();
  readonly #sum = new Uint32Array(SIGNATURE_WORDS);

  get size(): number {
    return this.#active.size;
  }

  add(rule: IpPortEntry): void {
    this.#change(rule, (meeting) => {
      meeting.push(rule);
      meeting.sort(precedence);
    });
  }

  remove(rule: IpPortEntry): void {
    this.#change(rule, (meeting) => meeting.splice(meeting.indexOf(rule), 1));
  }

  /** The digests of all entries, combined: 128 bits, so two sets that differ are not taken for one. */
  signature(): string {
    return this.#sum.join(' ');
  }

  entries(): ClassEntries {
    return new Map([...this.#active].map(([key, [first]]) => [key, entryOf(first!)]));
  }

  #change(rule: IpPortEntry, change: (meeting: IpPortEntry[]) => void): void {
    const key = entryKey(rule);
    const meeting = this.#active.get(key) ?? [];
    const before = meeting[0];
    change(meeting);
    if (meeting.length === 0) this.#active.delete(key);
    else this.#active.set(key, meeting);
    if (before === meeting[0]) return;
    for (const one of [before, meeting[0]]) if (one !== undefined) combine(this.#sum, entryOf(one));
  }
}

/** The signature of entries that came from elsewhere. */
export function signatureOf(entries: ClassEntries): string {
  const sum = new Uint32Array(SIGNATURE_WORDS);
  for (const entry of entries.values()) combine(sum, entry);
  return sum.join(' ');
}

/** Adds an entry to a signature, or takes it out again. */
function combine(sum: Uint32Array, entry: ClassEntry): void {
  const digest = createHash('sha1')
    .update(`${entryKey(entry)} ${entry.action} ${entry.reason}`)
    .digest();
  for (let i = 0; i < SIGNATURE_WORDS; i++) sum[i]! ^= digest.readUInt32LE(i * 4);
}

function entryOf({ prefix, protocol, action, reason }: IpPortEntry): ClassEntry {
  return { prefix, protocol, action, reason };
}

/** Negative: `a` decides. The rest of the order only makes the outcome independent of that of the input. */
function precedence(a: IpPortEntry, b: IpPortEntry): number {
  const deny = Number(a.action === 'allow') - Number(b.action === 'allow');
  return a.to - a.from - (b.to - b.from) || deny || a.from - b.from;
}
