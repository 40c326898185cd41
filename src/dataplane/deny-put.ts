import type { EntryGroup } from '../model/entries.ts';
import { PrefixList } from '../model/prefix-list.ts';
import type { HostIndexes } from './host-tables.ts';
import { ListEntries, type ListValue } from './list-entries.ts';
import { push6 } from './prefix-lists.ts';

/**
 * Deny entries sorted by where they are kept: permanent hosts in lock_hosts, everything else in lock_list. 0.0.0.0 and
 * :: mark free slots of lock_hosts, so they go to lock_list too.
 */
export class DenyPut {
  readonly hosts: PrefixList;
  readonly entries: ListEntries;
  /** Whose hosts end where in `hosts`, group by group. */
  readonly #groups: { readonly end4: number; readonly end6: number; readonly value: number }[] = [];

  constructor(entries = new ListEntries(), hosts = new PrefixList()) {
    this.entries = entries;
    this.hosts = hosts;
  }

  /** All of the hosts, which both share, with other entries that use the same values. */
  withEntries(entries: ListEntries): DenyPut {
    const same = new DenyPut(entries, this.hosts);
    same.#groups.push(...this.#groups);
    return same;
  }

  /** Some of the hosts, with other entries that use the same values. */
  select({ four, six }: HostIndexes, entries: ListEntries): DenyPut {
    const selected = new DenyPut(entries);
    const { hosts } = selected;
    let next4 = 0;
    let next6 = 0;
    for (const { end4, end6, value } of this.#groups) {
      for (; next4 < four.length && four[next4]! < end4; next4++) {
        hosts.push4(this.hosts.addresses4[four[next4]!]!, 32);
      }
      for (; next6 < six.length && six[next6]! < end6; next6++) {
        push6(hosts, this.hosts.words6, this.hosts.lengths6, six[next6]!);
      }
      selected.#groups.push({ end4: hosts.count4, end6: hosts.count6, value });
    }
    return selected;
  }

  add({ prefixes }: EntryGroup, value: ListValue): void {
    const index = this.entries.addValue(value);
    for (let i = 0; i < prefixes.count4; i++) {
      const address = prefixes.addresses4[i]!;
      const length = prefixes.lengths4[i]!;
      if (value.permanent && length === 32 && address !== 0) this.hosts.push4(address, 32);
      else this.entries.push4(address, length, index);
    }
    const { words6, lengths6 } = prefixes;
    for (let i = 0; i < prefixes.count6; i++) {
      const at = i * 4;
      const [a, b, c, d] = [words6[at]!, words6[at + 1]!, words6[at + 2]!, words6[at + 3]!];
      if (value.permanent && lengths6[i] === 128 && (a | b | c | d) !== 0) this.hosts.push6(a, b, c, d, 128);
      else this.entries.push6(words6, at, lengths6[i]!, index);
    }
    this.#groups.push({ end4: this.hosts.count4, end6: this.hosts.count6, value: index });
  }

  /** Has hosts that lock_hosts had no room for kept in lock_list. */
  fallBack({ four, six }: HostIndexes): void {
    for (const index of four) {
      const group = this.#groups.find(({ end4 }) => index < end4)!;
      this.entries.push4(this.hosts.addresses4[index]!, 32, group.value);
    }
    for (const index of six) {
      const group = this.#groups.find(({ end6 }) => index < end6)!;
      this.entries.push6(this.hosts.words6, index * 4, 128, group.value);
    }
  }
}
