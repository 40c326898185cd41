/** What the lists of this folder do with PrefixLists. */
import { PrefixList } from '../model/prefix-list.ts';
import type { PrefixMap } from './prefix-map.ts';

export function append(to: PrefixList, from: PrefixList): void {
  for (let i = 0; i < from.count4; i++) to.push4(from.addresses4[i]!, from.lengths4[i]!);
  for (let i = 0; i < from.count6; i++) push6(to, from.words6, from.lengths6, i);
}

/** Both lists in one; an empty one costs nothing, so the result may be one of the two. */
export function merged(a: PrefixList, b: PrefixList): PrefixList {
  if (a.size === 0) return b;
  if (b.size === 0) return a;
  const all = new PrefixList(a.count4 + b.count4, a.count6 + b.count6);
  append(all, a);
  append(all, b);
  return all;
}

export function push6(to: PrefixList, words: Uint32Array, lengths: Uint8Array, index: number): void {
  const at = index * 4;
  to.push6(words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!, lengths[index]!);
}

export function hostsOf(list: PrefixList): PrefixList {
  const hosts = new PrefixList();
  for (let i = 0; i < list.count4; i++) if (list.lengths4[i] === 32) hosts.push4(list.addresses4[i]!, 32);
  for (let i = 0; i < list.count6; i++) if (list.lengths6[i] === 128) push6(hosts, list.words6, list.lengths6, i);
  return hosts;
}

/** A list over columns of hosts, which it shares. */
export function hostList(hosts4: Uint32Array, hosts6: Uint32Array): PrefixList {
  const list = new PrefixList(0, 0);
  list.addresses4 = hosts4;
  list.lengths4 = new Uint8Array(hosts4.length).fill(32);
  list.count4 = hosts4.length;
  list.words6 = hosts6;
  list.lengths6 = new Uint8Array(hosts6.length / 4).fill(128);
  list.count6 = hosts6.length / 4;
  return list;
}

/** The prefixes of `list` that `map` has, or has not. */
export function filtered(list: PrefixList, map: PrefixMap, has: boolean): PrefixList {
  const kept = new PrefixList();
  for (let i = 0; i < list.count4; i++) {
    if (map.four.get(list.addresses4, list.lengths4, i) >= 0 === has)
      kept.push4(list.addresses4[i]!, list.lengths4[i]!);
  }
  for (let i = 0; i < list.count6; i++) {
    if (map.six.get(list.words6, list.lengths6, i) >= 0 !== has) continue;
    push6(kept, list.words6, list.lengths6, i);
  }
  return kept;
}
