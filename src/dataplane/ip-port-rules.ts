/**
 * IP+port rules in the maps ip_port_rules and port_classes. A new set of rules takes the place of the old one so that each
 * packet meets either (class-transition.ts); the kernel's map has room for both sets meanwhile.
 */
import { mappedLength, type Prefix, prefix4, prefix6, prefixBytes, prefixFromBytes } from '../model/prefixes.ts';
import { pieceOf, putRows, type Row, removeKeys, type WritableMap } from './batch-write.ts';
import { type CurrentClass, type EntryChange, planTransition, type Transition } from './class-transition.ts';
import { familiesAlways, markSources } from './index-marks.ts';
import { ACTION, ruleCodec, ruleKeyCodec } from './layout.ts';
import { mapFull } from './map-full.ts';
import type { IpPortEntry } from './policy-plane.ts';
import { type ClassEntry, entryKey, planClasses, signatureOf } from './port-classes.ts';
import type { IndexWriter } from './source-index.ts';
import type { Tunables } from './tunables.ts';

const OWNER = 'rules';
const EXACT_BITS = 32;
const PROTOCOL = { any: 0, tcp: 6, udp: 17 } as const;

export interface RuleMaps {
  readonly rules: WritableMap;
  /** Class of each port: the memory of port_classes. */
  readonly classOf: Uint16Array;
}

/** max_entries of the map, so that the old and the new rules fit at once. A trie takes memory only for what it holds. */
export const ruleEntries = (capacity: number): number => 2 * capacity + 1;
const ruleCapacity = (maxEntries: number): number => (maxEntries - 1) / 2;

export class IpPortRules {
  readonly #maps: RuleMaps;
  readonly #index: IndexWriter;
  readonly #tunables: Tunables;
  readonly #settle: () => void;
  #classes: ReadonlyMap<number, CurrentClass>;
  #rules: readonly IpPortEntry[] = [];

  /** @param settle returns when no packet is being judged that began before the call */
  constructor(maps: RuleMaps, index: IndexWriter, tunables: Tunables, settle: () => void) {
    this.#maps = maps;
    this.#index = index;
    this.#tunables = tunables;
    this.#settle = settle;
    this.#classes = readClasses(maps.rules);
  }

  /** Takes what the maps hold for what is in force. */
  load(): void {
    this.#classes = readClasses(this.#maps.rules);
  }

  /** Entries of all classes. */
  get size(): number {
    let size = 0;
    for (const { entries } of this.#classes.values()) size += entries.size;
    return size;
  }

  get capacity(): number {
    return ruleCapacity(this.#maps.rules.info.maxEntries);
  }

  /** Makes the maps hold exactly these. @throws NetxfwError MAP_FULL */
  set(rules: readonly IpPortEntry[]): void {
    const { classes, size } = planClasses(rules, this.capacity);
    if (size > this.capacity) throw mapFull('ip_port_rules', 'capacity.ip_port_rules', this.capacity, size);
    const transition = planTransition(this.#classes, this.#maps.classOf, classes);
    if (transition.missingIds > 0) {
      throw mapFull('ip_port_rules', 'capacity.ip_port_rules', classes.length - transition.missingIds, classes.length);
    }
    this.#commit(transition);
    this.#rules = rules;
  }

  /**
   * The rule whose entry decided.
   * @param length prefix length of the entry
   */
  find(source: Prefix, length: number, port: number, protocol: 'tcp' | 'udp'): IpPortEntry | undefined {
    const entries = this.#classes.get(this.#maps.classOf[port]!)?.entries;
    const prefix = source.family === 4 ? prefix4(source.words[3], length) : prefix6(source.words, length);
    const entry = entries?.get(entryKey({ prefix, protocol })) ?? entries?.get(entryKey({ prefix, protocol: 'any' }));
    if (entry === undefined) return undefined;
    const same = (rule: IpPortEntry) =>
      rule.from <= port && port <= rule.to && rule.action === entry.action && entryKey(rule) === entryKey(entry);
    const narrowest = this.#rules.filter(same).sort((a, b) => a.to - a.from - (b.to - b.from))[0];
    return narrowest ?? { ...entry, from: port, to: port };
  }

  contribute(index: IndexWriter): void {
    markSources(OWNER, index, prefixesOf(this.#classes));
  }

  /** Makes the flags of the kernel program fit what the maps hold. */
  refreshFlags(): void {
    const rulesAlways = familiesAlways(prefixesOf(this.#classes));
    this.#tunables.set({ hasRules: Number(this.#classes.size > 0), rulesAlways });
  }

  #commit(transition: Transition): void {
    const { fresh, changed, dropped, classes } = transition;
    const { rules } = this.#maps;
    const pointers = this.#maps.classOf.slice();
    const undo: (() => void)[] = [];
    try {
      this.#announce(transition);
      undo.push(
        putRows(
          rules,
          fresh.flatMap(({ id, entries }) => rowsOf(id, entries.values())),
        ),
      );
      undo.push(() => this.#point(pointers) && this.#settle());
      const moved = this.#point(transition.classOf);
      if (moved && changed.length + dropped.length > 0) this.#settle();
      for (const change of changed) undo.push(this.#change(change));
      const gone = dropped.flatMap((id) => rowsOf(id, this.#classes.get(id)!.entries.values()));
      undo.push(() =>
        putRows(
          rules,
          gone.map((row) => ({ ...row, before: row.value })),
        ),
      );
      removeKeys(
        rules,
        gone.map(({ key }) => key),
      );
    } catch (error) {
      for (const step of undo.reverse()) step();
      this.refreshFlags();
      throw error;
    }
    this.#classes = classes;
    this.refreshFlags();
  }

  /** Has the program look for rules wherever old or new ones may match. */
  #announce({ fresh, changed, classes }: Transition): void {
    const news = [...fresh.flatMap(({ entries }) => [...entries.values()]), ...changed.map(({ entry }) => entry)];
    if (news.length === 0) return;
    markSources(
      OWNER,
      this.#index,
      news.map(({ prefix }) => prefix),
    );
    const rulesAlways = familiesAlways([...prefixesOf(this.#classes), ...prefixesOf(classes)]);
    this.#tunables.set({ hasRules: 1, rulesAlways });
  }

  /** @returns whether a port changed its class */
  #point(classOf: Uint16Array): boolean {
    const live = this.#maps.classOf;
    let moved = false;
    for (let port = 0; port < live.length; port++) {
      if (live[port] === classOf[port]) continue;
      Atomics.store(live, port, classOf[port]!);
      moved = true;
    }
    return moved;
  }

  #change({ id, entry, action }: EntryChange): () => void {
    const old = this.#classes.get(id)!.entries.get(entryKey(entry));
    const before = old === undefined ? undefined : encoded(old);
    const key = encodeKey(id, entry);
    if (action === 'put') return putRows(this.#maps.rules, [{ key, value: encoded(entry), before }]);
    removeKeys(this.#maps.rules, [key]);
    return () => putRows(this.#maps.rules, [{ key, value: encoded(entry), before }]);
  }
}

function* prefixesOf(classes: ReadonlyMap<number, CurrentClass>): Generator<Prefix> {
  for (const { entries } of classes.values()) for (const { prefix } of entries.values()) yield prefix;
}

function rowsOf(id: number, entries: Iterable<ClassEntry>): Row[] {
  return Array.from(entries, (entry) => ({ key: encodeKey(id, entry), value: encoded(entry) }));
}

function encodeKey(id: number, { prefix, protocol }: ClassEntry): Uint8Array {
  return ruleKeyCodec.encode({
    prefixlen: EXACT_BITS + mappedLength(prefix),
    portClass: id,
    proto: PROTOCOL[protocol],
    family: prefix.family,
    addr: prefixBytes(prefix),
  });
}

function encoded({ prefix, action, reason }: ClassEntry): Uint8Array {
  return ruleCodec.encode({
    action: action === 'allow' ? ACTION.ALLOW : ACTION.DENY,
    prefixlen: mappedLength(prefix),
    // Rules that say the same share an entry; which of them a port means is known to `find`.
    id: 0,
    reason,
  });
}

function readClasses(map: WritableMap): Map<number, CurrentClass> {
  const { count, keys, values } = map.readAll();
  const byClass = new Map<number, Map<string, ClassEntry>>();
  for (let i = 0; i < count; i++) {
    const { prefixlen, portClass, proto, addr } = ruleKeyCodec.decode(pieceOf(keys, i, ruleKeyCodec.size));
    const { action, reason } = ruleCodec.decode(pieceOf(values, i, ruleCodec.size));
    const entry: ClassEntry = {
      prefix: prefixFromBytes(addr, prefixlen - EXACT_BITS),
      protocol: proto === PROTOCOL.tcp ? 'tcp' : proto === PROTOCOL.udp ? 'udp' : 'any',
      action: action === ACTION.ALLOW ? 'allow' : 'deny',
      reason,
    };
    const entries = byClass.get(portClass) ?? new Map<string, ClassEntry>();
    byClass.set(portClass, entries.set(entryKey(entry), entry));
  }
  return new Map([...byClass].map(([id, entries]) => [id, { entries, signature: signatureOf(entries) }]));
}
