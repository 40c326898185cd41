import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import type { BpfMap } from '../ebpf/index.ts';
import { type Prefix, parseAddress, prefixBytes, prefixFromBytes } from '../model/prefixes.ts';
import { removeKeys } from './batch-write.ts';
import { markSources } from './index-marks.ts';
import type { IndexWriter } from './source-index.ts';

const OWNER = 'own';
const KEY_SIZE = 16;
const PRESENT = new Uint8Array(Uint32Array.of(1).buffer);

export interface AddressChanges {
  readonly added: number;
  readonly removed: number;
  /** Addresses that found no room: packets that forge them are not recognised. */
  readonly refused: number;
}

type AddressMap = Pick<BpfMap, 'info' | 'keys' | 'update' | 'deleteBatch'>;
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
    const wanted = new Map<string, Uint8Array>();
    for (const addresses of Object.values(this.#interfaces())) {
      for (const { address } of addresses ?? []) {
        // A link-local address may come with its zone: fe80::1%eth0.
        const key = prefixBytes(parseAddress(address.split('%')[0]!));
        wanted.set(nameOf(key), key);
      }
    }
    const removed = [...present].filter(([name]) => !wanted.has(name)).map(([, key]) => key);
    removeKeys(this.#map, removed);
    const added = [...wanted].filter(([name]) => !present.has(name)).map(([, key]) => key);
    const room = this.#map.info.maxEntries - (present.size - removed.length);
    const fitting = added.slice(0, Math.max(0, room));
    for (const key of fitting) this.#map.update(key, PRESENT);
    markSources(
      OWNER,
      this.#index,
      fitting.map((key) => prefixFromBytes(key)),
    );
    return { added: fitting.length, removed: removed.length, refused: added.length - fitting.length };
  }

  list(): Prefix[] {
    return Array.from(this.#map.keys(), (key) => prefixFromBytes(key));
  }

  contribute(index: IndexWriter): void {
    markSources(OWNER, index, this.list());
  }
}

const nameOf = (key: Uint8Array): string => Buffer.from(key.buffer, key.byteOffset, KEY_SIZE).toString('hex');
