import { PrefixList } from '../model/prefix-list.ts';
import type { HostsTable } from './hosts-table.ts';
import { hostList } from './prefix-lists.ts';

/** Hosts as indexes among those of their family in a list, ascending. */
export interface HostIndexes {
  readonly four: readonly number[];
  readonly six: readonly number[];
}

/** lock_hosts4 and lock_hosts6 together, for lists of hosts. */
export class HostTables {
  readonly #four: HostsTable;
  readonly #six: HostsTable;

  constructor(four: HostsTable, six: HostsTable) {
    this.#four = four;
    this.#six = six;
  }

  get count(): number {
    return this.#four.count + this.#six.count;
  }

  get slots(): number {
    return this.#four.slots + this.#six.slots;
  }

  /** Every host. */
  all(): PrefixList {
    return hostList(this.#four.hosts(), this.#six.hosts());
  }

  /** Inserts what is not there. @returns what found no room, and what takes the insertion back */
  insert(hosts: PrefixList): { readonly refused: HostIndexes; readonly undo: () => void } {
    if (this.count === 0) return this.#fill(hosts);
    const added4: number[] = [];
    const added6: number[] = [];
    const four = this.#four.insert(hosts.addresses4, hosts.count4, (i) => added4.push(i));
    const six = this.#six.insert(hosts.words6, hosts.count6, (i) => added6.push(i));
    const undo = () => {
      for (const i of added4) this.#four.remove(hosts.addresses4, i);
      for (const i of added6) this.#six.remove(hosts.words6, i);
    };
    return { refused: { four, six }, undo };
  }

  /** `insert` into empty tables: what was added need not be remembered. */
  #fill(hosts: PrefixList): { readonly refused: HostIndexes; readonly undo: () => void } {
    const four = this.#four.insert(hosts.addresses4, hosts.count4);
    const six = this.#six.insert(hosts.words6, hosts.count6);
    return { refused: { four, six }, undo: () => void this.remove(hosts) };
  }

  /** @returns the hosts that were there */
  remove(hosts: PrefixList): PrefixList {
    const removed = new PrefixList();
    for (let i = 0; i < hosts.count4; i++) {
      if (this.#four.remove(hosts.addresses4, i)) removed.push4(hosts.addresses4[i]!, 32);
    }
    for (let i = 0; i < hosts.count6; i++) {
      if (this.#six.remove(hosts.words6, i)) removed.push(hosts.at6(i));
    }
    return removed;
  }

  /** The hosts of a list, networks among them passed over, that are in the tables. */
  present(list: PrefixList): PrefixList {
    const present = new PrefixList();
    for (let i = 0; i < list.count4; i++) {
      if (list.lengths4[i] === 32 && this.#four.find(list.addresses4, i) >= 0) present.push4(list.addresses4[i]!, 32);
    }
    for (let i = 0; i < list.count6; i++) {
      if (list.lengths6[i] === 128 && this.#six.find(list.words6, i) >= 0) present.push(list.at6(i));
    }
    return present;
  }

  /** What has to come and to go until the tables hold exactly the wanted hosts. */
  difference(wanted: PrefixList): { readonly missing: HostIndexes; readonly extra: PrefixList } {
    const four = difference(this.#four, wanted.addresses4, wanted.count4);
    const six = difference(this.#six, wanted.words6, wanted.count6);
    return { missing: { four: four.missing, six: six.missing }, extra: hostList(four.extra, six.extra) };
  }
}

function difference(
  table: HostsTable,
  columns: Uint32Array,
  count: number,
): { readonly missing: number[]; readonly extra: Uint32Array } {
  const keep = new Uint8Array(table.slots);
  const missing: number[] = [];
  for (let i = 0; i < count; i++) {
    const at = table.find(columns, i);
    if (at < 0) missing.push(i);
    else keep[at / table.width] = 1;
  }
  return { missing, extra: table.others(keep) };
}
