import { PrefixList } from '../../src/model/prefix-list.ts';
import { randomSource } from '../../test/support/lists.ts';

/** Unicast IPv4: 1.0.0.0 .. 223.255.255.255 without 127/8. */
function unicast4(random: () => number): number {
  const address = 0x0100_0000 + Math.floor(random() * 222 * 2 ** 24);
  return address >>> 24 === 127 ? (address + 2 ** 24) >>> 0 : address >>> 0;
}

/** Numbers of the /24 that a list covers or touches. */
export class Blocks24 {
  readonly #touched = new Uint8Array(2 ** 24);

  add(address: number, length: number): void {
    const first = address >>> 8;
    this.#touched.fill(1, first, first + (length >= 24 ? 1 : 2 ** (24 - length)));
  }

  addAll({ addresses4, lengths4, count4 }: PrefixList): void {
    for (let i = 0; i < count4; i++) this.add(addresses4[i]!, lengths4[i]!);
  }

  has(address: number): boolean {
    return this.#touched[address >>> 8] === 1;
  }
}

/** Different hosts all over the IPv4 unicast space, outside of `except`. */
export function randomHosts4(count: number, seed: number, except?: Blocks24, known?: ReadonlySet<number>): Uint32Array {
  const random = randomSource(seed);
  const seen = new Set<number>();
  const hosts = new Uint32Array(count);
  for (let i = 0; i < count; ) {
    const address = unicast4(random);
    if (seen.has(address) || except?.has(address) || known?.has(address)) continue;
    seen.add(address);
    hosts[i++] = address;
  }
  return hosts;
}

/** Different /24 networks all over the IPv4 unicast space, outside of all of `except`. */
export function randomNetworks4(count: number, seed: number, ...except: readonly Blocks24[]): PrefixList {
  const random = randomSource(seed);
  const blocks = new Blocks24();
  const list = new PrefixList(count);
  while (list.count4 < count) {
    const address = (unicast4(random) & 0xffff_ff00) >>> 0;
    if (blocks.has(address) || except.some((others) => others.has(address))) continue;
    blocks.add(address, 24);
    list.push4(address, 24);
  }
  return list;
}

export function hostList4(hosts: Uint32Array): PrefixList {
  const list = new PrefixList(hosts.length);
  for (const host of hosts) list.push4(host, 32);
  return list;
}

const SPECIAL6: ReadonlySet<number> = new Set([0x2001, ...Array.from({ length: 16 }, (_, i) => 0x3ff0 + i)]);

/** Any address of 2000::/3, four words each. Two of them are alike, or in one /48, by no chance worth a check. */
export function random6(count: number, seed: number): Uint32Array {
  const random = randomSource(seed);
  const words = new Uint32Array(count * 4);
  for (let i = 0; i < words.length; i++) words[i] = random() * 2 ** 32;
  for (let i = 0; i < words.length; i += 4) {
    const word = (0x2000_0000 | (words[i]! >>> 3)) >>> 0;
    // Where the special-purpose blocks of 2000::/3 lie, nobody comes from.
    words[i] = SPECIAL6.has(word >>> 16) ? (0x2a00_0000 | (word & 0x00ff_ffff)) >>> 0 : word;
  }
  return words;
}

export function list6(words: Uint32Array, length: number): PrefixList {
  const list = new PrefixList(0, words.length / 4);
  for (let i = 0; i < words.length; i += 4) {
    const [a, b, c, d] = [words[i]!, words[i + 1]!, words[i + 2]!, words[i + 3]!];
    if (length === 128) list.push6(a, b, c, d, length);
    else list.push6(a, length > 32 ? (b & ~(2 ** (64 - length) - 1)) >>> 0 : 0, 0, 0, length);
  }
  return list;
}

/** Hosts inside the networks of a list, `count` of them, each network alike. */
export function inside4({ addresses4, lengths4, count4 }: PrefixList, count: number, seed: number): Uint32Array {
  const random = randomSource(seed);
  return Uint32Array.from({ length: count }, () => {
    const network = Math.floor(random() * count4);
    return addresses4[network]! + Math.floor(random() * 2 ** (32 - lengths4[network]!));
  });
}

/** Hosts inside networks of /32 .. /64, four words each. */
export function inside6({ words6, count6 }: PrefixList, count: number, seed: number): Uint32Array {
  const random = randomSource(seed);
  const words = new Uint32Array(count * 4);
  for (let i = 0; i < count; i++) {
    const from = Math.floor(random() * count6) * 4;
    words.set([words6[from]!, words6[from + 1]!, random() * 2 ** 32, random() * 2 ** 32], i * 4);
  }
  return words;
}

/** `count` of the items, each as likely as the other; with repetition only when there are fewer. */
export function pick4(hosts: Uint32Array, count: number, seed: number): Uint32Array {
  const random = randomSource(seed);
  return Uint32Array.from({ length: count }, () => hosts[Math.floor(random() * hosts.length)]!);
}
