import { claimOf, withClaim, withoutClaim } from '../model/claims.ts';
import type { Claim, EntryGroup, ListName } from '../model/entries.ts';
import { PrefixTable } from '../model/prefix-table.ts';
import { isFromConfig } from './config-entries.ts';
import type { EngineCore } from './core.ts';
import type { Transaction } from './transaction.ts';

type Words = readonly [a: number, b: number, c: number, d: number, length: number];

/**
 * Lays what one source wants over one list. What becomes of a meta when a claim is added or taken away is worked out once
 * for each meta, not for each entry, so a million entries cost a walk over columns. Call `end` whatever happens.
 */
export class SourceChange {
  added = 0;
  removed = 0;
  kept = 0;
  duplicates = 0;
  /** Wanted, but config.yaml has them already. */
  fromConfig = 0;
  readonly #core: EngineCore;
  readonly #tx: Transaction;
  readonly #list: ListName;
  readonly #source: string;
  readonly #now: number;
  /** Metas that must not be given another meaning while numbers stand for them. */
  readonly #held: number[] = [];

  constructor(core: EngineCore, tx: Transaction, list: ListName, source: string) {
    this.#core = core;
    this.#tx = tx;
    this.#list = list;
    this.#source = source;
    this.#now = core.now();
  }

  /** Makes the source want exactly these. */
  replace(groups: readonly EntryGroup[]): void {
    const claims = groups.map(({ meta }) => meta);
    const wanted = { 4: new PrefixTable(4), 6: new PrefixTable(6) };
    groups.forEach(({ prefixes }, claim) => {
      wanted[4].reserve(prefixes.count4);
      wanted[6].reserve(prefixes.count6);
      const { addresses4, lengths4, words6, lengths6 } = prefixes;
      for (let i = 0; i < prefixes.count4; i++) wanted[4].findOrAdd(0, 0, 0, addresses4[i]!, lengths4[i]!, claim);
      for (let i = 0, w = 0; i < prefixes.count6; i++, w += 4) {
        wanted[6].findOrAdd(words6[w]!, words6[w + 1]!, words6[w + 2]!, words6[w + 3]!, lengths6[i]!, claim);
      }
      this.duplicates += prefixes.size;
    });
    this.duplicates -= wanted[4].size + wanted[6].size;
    for (const family of [4, 6] as const) {
      const here = this.#settlePresent(wanted[family], claims);
      this.#addMissing(wanted[family], claims, here);
    }
  }

  /** Makes the source want one more prefix, or the same one differently. */
  add(family: 4 | 6, words: Words, claim: Claim): void {
    const row = this.#rows(family).find(...words);
    if (row < 0) {
      this.added++;
      this.#put(family, words, this.#hold(claim));
      return;
    }
    const meta = this.#core.table.metas.get(this.#rows(family).values[row]!);
    if (isFromConfig(meta)) {
      this.fromConfig++;
      return;
    }
    const old = claimOf(meta, this.#source);
    this[old === undefined ? 'added' : 'kept']++;
    const next = this.#agreed(old, claim);
    if (next !== old) this.#put(family, words, this.#hold(withClaim(meta, next, this.#now)));
  }

  /** Makes the source want one prefix less. */
  remove(family: 4 | 6, words: Words): void {
    const row = this.#rows(family).find(...words);
    if (row < 0) return;
    const meta = this.#core.table.metas.get(this.#rows(family).values[row]!);
    if (claimOf(meta, this.#source) === undefined) return;
    this.removed++;
    const rest = withoutClaim(meta, this.#source, this.#now);
    if (rest === undefined) this.#tx.removeRow(this.#list, family, row);
    else this.#put(family, words, this.#hold(rest));
  }

  end(): void {
    for (const id of this.#held.splice(0)) this.#core.table.metas.release(id);
  }

  /** Lets go of what is no longer wanted and updates the rest. @returns for each wanted row whether it is in the list */
  #settlePresent(wanted: PrefixTable, claims: readonly Claim[]): Uint8Array {
    const { metas } = this.#core.table;
    const here = new Uint8Array(wanted.size);
    const rows = this.#rows(wanted.family);
    const mine = memo((id: number) => claimOf(metas.get(id), this.#source));
    const rest = memo((id: number) => {
      const meta = withoutClaim(metas.get(id), this.#source, this.#now);
      return meta === undefined ? -1 : this.#hold(meta);
    });
    const next = memo((key: number) => {
      const id = Math.floor(key / claims.length);
      const old = mine(id)!;
      const claim = this.#agreed(old, claims[key % claims.length]!);
      return claim === old ? id : this.#hold(withClaim(metas.get(id), claim, this.#now));
    });
    // From the end, because the last row moves into the gap of a removed one.
    for (let row = rows.size - 1; row >= 0; row--) {
      const id = rows.values[row]!;
      if (mine(id) === undefined) continue;
      const words = wordsOf(rows, row);
      const at = wanted.find(...words);
      if (at >= 0) {
        here[at] = 1;
        this.kept++;
        const wish = next(id * claims.length + wanted.values[at]!);
        if (wish !== id) this.#put(wanted.family, words, wish);
        continue;
      }
      this.removed++;
      const left = rest(id);
      if (left < 0) this.#tx.removeRow(this.#list, wanted.family, row);
      else this.#put(wanted.family, words, left);
    }
    return here;
  }

  #addMissing(wanted: PrefixTable, claims: readonly Claim[], here: Uint8Array): void {
    const { metas } = this.#core.table;
    const rows = this.#rows(wanted.family);
    const fresh = memo((claim: number) => this.#hold(claims[claim]!));
    const shared = memo((key: number) => {
      const id = Math.floor(key / claims.length);
      return this.#hold(withClaim(metas.get(id), claims[key % claims.length]!, this.#now));
    });
    for (let at = 0; at < wanted.size; at++) {
      if (here[at] === 1) continue;
      const words = wordsOf(wanted, at);
      const claim = wanted.values[at]!;
      const row = this.#tx.addWords(this.#list, wanted.family, ...words, fresh(claim));
      if (row >= 0 && isFromConfig(metas.get(rows.values[row]!))) {
        this.fromConfig++;
        continue;
      }
      this.added++;
      if (row >= 0) this.#put(wanted.family, words, shared(rows.values[row]! * claims.length + claim));
    }
  }

  /** The claim as it is when nothing is new, so that a refresh without news changes nothing. */
  #agreed(old: Claim | undefined, claim: Claim): Claim {
    if (old === undefined) return claim;
    if (old.reason === claim.reason && old.expiresAt === claim.expiresAt) return old;
    return { ...claim, createdAt: old.createdAt };
  }

  #rows(family: 4 | 6): PrefixTable {
    const { v4, v6 } = this.#core.table[this.#list];
    return family === 4 ? v4 : v6;
  }

  #put(family: 4 | 6, words: Words, id: number): void {
    this.#tx.putWords(this.#list, family, ...words, id);
  }

  #hold(meta: Claim): number {
    const { metas } = this.#core.table;
    const id = metas.intern(meta);
    metas.retain(id);
    this.#held.push(id);
    return id;
  }
}

function wordsOf(rows: PrefixTable, row: number): Words {
  const { words, lengths } = rows;
  if (rows.stride === 1) return [0, 0, 0, words[row]!, lengths[row]!];
  const at = row * 4;
  return [words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!, lengths[row]!];
}

function memo<T>(work: (key: number) => T): (key: number) => T {
  const known = new Map<number, T>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined && !known.has(key)) {
      value = work(key);
      known.set(key, value);
    }
    return value as T;
  };
}
