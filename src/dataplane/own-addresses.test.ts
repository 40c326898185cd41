import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import type { PrefixList } from '../model/prefix-list.ts';
import { formatPrefix, prefixFromBytes } from '../model/prefixes.ts';
import { OwnAddresses } from './own-addresses.ts';

/** A hash map of 16-byte keys. */
function fakeMap(maxEntries: number) {
  const held = new Map<string, Uint8Array>();
  const values = new Map<string, number>();
  const name = (key: Uint8Array) => formatPrefix(prefixFromBytes(key));
  return {
    held,
    values,
    info: { maxEntries } as never,
    *keys() {
      yield* held.values();
    },
    lookup(key: Uint8Array) {
      const value = values.get(name(key));
      return value === undefined ? undefined : new Uint8Array(Uint32Array.of(value).buffer);
    },
    update(key: Uint8Array, value: Uint8Array) {
      held.set(name(key), key.slice());
      values.set(name(key), new DataView(value.buffer).getUint32(0, true));
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

  it('that are link-local are of their link, as it is numbered now', () => {
    const map = fakeMap(8);
    const at = (scopeid: number) => ({
      eth0: [
        { address: 'fe80::1', family: 'IPv6', scopeid } as NetworkInterfaceInfo,
        { address: '2001:db8::1', family: 'IPv6', scopeid: 0 } as NetworkInterfaceInfo,
        { address: '192.0.2.1', family: 'IPv4' } as NetworkInterfaceInfo,
      ],
    });
    const index = { touch: () => {}, cover: () => {} };
    new OwnAddresses(map, index, () => at(7)).refresh();
    expect(Object.fromEntries(map.values)).toEqual({ 'fe80::1': 7, '2001:db8::1': 0, '192.0.2.1': 0 });
    expect(new OwnAddresses(map, index, () => at(8)).refresh()).toEqual({ added: 0, removed: 0, refused: 0 });
    expect(map.values.get('fe80::1')).toBe(8);
  });

  it('say how many found no room', () => {
    const { map, refresh } = follow(2);
    expect(refresh('192.0.2.1', '192.0.2.2', '192.0.2.3')).toEqual({ added: 2, removed: 0, refused: 1 });
    expect(refresh('192.0.2.3', '192.0.2.4')).toEqual({ added: 2, removed: 2, refused: 0 });
    expect([...map.held.keys()].sort()).toEqual(['192.0.2.3', '192.0.2.4']);
  });
});
