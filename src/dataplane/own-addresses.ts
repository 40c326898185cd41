import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import type { BpfMap } from '../ebpf/index.ts';
import { type Prefix, parseAddress, prefixBytes, prefixFromBytes } from '../model/prefixes.ts';
import { removeKeys } from './batch-write.ts';
import { markSources } from './index-marks.ts';
import type { IndexWriter } from './source-index.ts';

const OWNER = 'own';
const KEY_SIZE = 16;
/** NX_OWN_EVERYWHERE; a link-local address is this host's on its own link only. */
const EVERYWHERE = 0;

export interface AddressChanges {
  readonly added: number;
  readonly removed: number;
  /** Addresses that found no room: packets that forge them are not recognised. */
  readonly refused: number;
}

type AddressMap = Pick<BpfMap, 'info' | 'keys' | 'lookup' | 'update' | 'deleteBatch'>;

interface Own {
  readonly key: Uint8Array;
  /** Where it is this host's. */
  readonly ifindex: number;
}
type Interfaces = () => NodeJS.Dict<NetworkInterfaceInfo[]>;

/** This host's own addresses, which no packet from the wire can have for its source; in the map own_addrs. */
export class OwnAddresses {
  readonly #map: AddressMap;
  readonly #index: IndexWriter;
  readonly #interfaces: Interfaces;

  /** @param interfaces of the network namespace that is filtered */
  constructor(map: AddressMap, index: IndexWriter, interfaces: Interfaces = networkInterfaces) {
    this.#map = map;
    this.#index = index;
    this.#interfaces = interfaces;
  }

  /** Makes the map hold the addresses that the host has now. What is gone goes first: another host may have it already. */
  refresh(): AddressChanges {
    const present = new Map([...this.#map.keys()].map((key) => [nameOf(key), key]));
    const wanted = new Map<string, Own>();
    for (const addresses of Object.values(this.#interfaces())) {
      for (const info of addresses ?? []) {
        // A link-local address may come with its zone: fe80::1%eth0.
        const key = prefixBytes(parseAddress(info.address.split('%')[0]!));
        const name = nameOf(key);
        if (!wanted.has(name)) wanted.set(name, { key, ifindex: isLinkLocal(key) ? scopeOf(info) : EVERYWHERE });
      }
    }
    const removed = [...present].filter(([name]) => !wanted.has(name)).map(([, key]) => key);
    removeKeys(this.#map, removed);
    const added = [...wanted].filter(([name]) => !present.has(name)).map(([, own]) => own);
    const room = this.#map.info.maxEntries - (present.size - removed.length);
    const fitting = added.slice(0, Math.max(0, room));
    const moved = [...wanted].filter(([name, own]) => present.has(name) && !this.#isAt(own)).map(([, own]) => own);
    for (const { key, ifindex } of [...moved, ...fitting]) this.#map.update(key, indexBytes(ifindex));
    markSources(
      OWNER,
      this.#index,
      fitting.map(({ key }) => prefixFromBytes(key)),
    );
    return { added: fitting.length, removed: removed.length, refused: added.length - fitting.length };
  }

  #isAt({ key, ifindex }: Own): boolean {
    return Buffer.compare(this.#map.lookup(key) ?? Buffer.alloc(0), indexBytes(ifindex)) === 0;
  }

  list(): Prefix[] {
    return Array.from(this.#map.keys(), (key) => prefixFromBytes(key));
  }

  contribute(index: IndexWriter): void {
    markSources(OWNER, index, this.list());
  }
}

const nameOf = (key: Uint8Array): string => Buffer.from(key.buffer, key.byteOffset, KEY_SIZE).toString('hex');
const indexBytes = (ifindex: number): Uint8Array => new Uint8Array(Uint32Array.of(ifindex).buffer);
/** fe80::/10 */
const isLinkLocal = (key: Uint8Array): boolean => key[0] === 0xfe && (key[1]! & 0xc0) === 0x80;
const scopeOf = (info: NetworkInterfaceInfo): number => ('scopeid' in info ? info.scopeid : EVERYWHERE);
