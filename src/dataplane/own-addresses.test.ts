import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import type { PrefixList } from '../model/prefix-list.ts';
import { formatPrefix, prefixFromBytes } from '../model/prefixes.ts';
import { OwnAddresses } from './own-addresses.ts';

/** A hash map of 16-byte keys. */
function fakeMap(maxEntries: number) {
  const held = new Map<string, Uint8Array>();
  const name = (key: Uint8Array) => formatPrefix(prefixFromBytes(key));
  return {
    held,
    info: { maxEntries } as never,
    *keys() {
      yield* held.values();
    },
    update(key: Uint8Array) {
      held.set(name(key), key.slice());
    },
    deleteBatch(keys: Uint8Array, count: number) {
      for (let i = 0; i < count; i++) held.delete(name(keys.subarray(i * 16, i * 16 + 16)));
      return count;
    },
  };
}

const on = (...addresses: string[]) => ({ eth0: addresses.map((address) => ({ address }) as NetworkInterfaceInfo) });

function follow(maxEntries = 8) {
  const map = fakeMap(maxEntries);
  const marked: string[] = [];
  const index = {
    touch: (_owner: string, _bit: number, list: PrefixList) => marked.push(...Array.from(list, formatPrefix)),
    cover: () => {},
  };
  let now: NodeJS.Dict<NetworkInterfaceInfo[]> = {};
  const own = new OwnAddresses(map, index, () => now);
  const refresh = (...addresses: string[]) => {
    now = on(...addresses);
    return own.refresh();
  };
  return { map, marked, refresh, own };
}

describe('own addresses', () => {
  it('follow what the host has, and make the kernel look for them', () => {
    const { map, marked, refresh, own } = follow();
    expect(refresh('192.0.2.1', 'fe80::1%eth0')).toEqual({ added: 2, removed: 0, refused: 0 });
    expect(refresh('192.0.2.1', '2001:db8::1')).toEqual({ added: 1, removed: 1, refused: 0 });
    expect([...map.held.keys()].sort()).toEqual(['192.0.2.1', '2001:db8::1']);
    expect(marked).toEqual(['192.0.2.1', 'fe80::1', '2001:db8::1']);
    expect(own.list().map(formatPrefix).sort()).toEqual(['192.0.2.1', '2001:db8::1']);
    expect(refresh('192.0.2.1', '2001:db8::1')).toEqual({ added: 0, removed: 0, refused: 0 });
  });

  it('say how many found no room', () => {
    const { map, refresh } = follow(2);
    expect(refresh('192.0.2.1', '192.0.2.2', '192.0.2.3')).toEqual({ added: 2, removed: 0, refused: 1 });
    expect(refresh('192.0.2.3', '192.0.2.4')).toEqual({ added: 2, removed: 2, refused: 0 });
    expect([...map.held.keys()].sort()).toEqual(['192.0.2.3', '192.0.2.4']);
  });
});
