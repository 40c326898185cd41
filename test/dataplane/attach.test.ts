import { existsSync, unlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unload } from '../../src/dataplane/index.ts';
import { BpfLink, BpfMap, queryXdp } from '../../src/ebpf/index.ts';
import { failOnLeaks } from '../ebpf/leaks.ts';
import { VethPair } from '../ebpf/veth.ts';
import { CAPACITY, groupOf, NOTHING, Planes } from './planes.ts';

failOnLeaks();

let planes: Planes;
let veth: VethPair;
beforeEach(() => {
  planes = new Planes();
  veth = new VethPair();
});
afterEach(() => {
  inFar(() => planes.dispose());
  veth.dispose();
});

const inFar = <Result>(operation: () => Result): Result => veth.inFar(operation);
const deny = (...texts: string[]) => [{ list: 'deny' as const, put: [groupOf(texts)], remove: NOTHING }];
const attached = (ifindex: number) => inFar(() => queryXdp(ifindex));
const failure = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

describe('attaching', () => {
  it('filters real packets with the lists that were filled before', async () => {
    const plane = planes.load(planes.path());
    plane.applyLists(deny('192.0.2.1'));
    expect(await veth.pings()).toBe(true);
    expect(inFar(() => plane.attach({ interfaces: ['v0'], mode: 'auto' }))).toEqual([
      { interface: 'v0', ifindex: veth.ifindex, mode: 'native', note: null },
    ]);
    expect(await veth.pings()).toBe(false);
    plane.applyLists([{ list: 'deny', put: [], remove: groupOf(['192.0.2.1']).prefixes }]);
    expect(await veth.pings()).toBe(true);
  });

  it('outlives the process, and the next one updates the link without a gap', async () => {
    const path = planes.path();
    const first = planes.load(path);
    first.applyLists(deny('192.0.2.1'));
    inFar(() => first.attach({ interfaces: ['v0'], mode: 'auto' }));
    first.close();
    const before = attached(veth.ifindex)!;
    expect(await veth.pings()).toBe(false);

    const second = planes.load(path);
    expect(inFar(() => second.attachments())).toMatchObject([{ interface: 'v0', mode: 'native' }]);
    const link = () => {
      using pinned = BpfLink.openPinned(`${path}/links/xdp-v0`);
      return pinned.info();
    };
    const linkBefore = link();
    inFar(() => second.attach({ interfaces: ['v0'], mode: 'auto' }));
    expect(link()).toMatchObject({ id: linkBefore.id, ifindex: veth.ifindex });
    expect(attached(veth.ifindex)!.programId).not.toBe(before.programId);
    expect(await veth.pings()).toBe(false);
  });

  it('puts maps of another size in force with one update, filled as they are', async () => {
    const path = planes.path();
    const first = planes.load(path);
    first.applyLists(deny('192.0.2.1'));
    inFar(() => first.attach({ interfaces: ['v0'], mode: 'auto' }));
    first.close();
    const second = planes.load(path, { capacity: { ...CAPACITY, lock_list: 500 } });
    second.applyLists(deny('192.0.2.0/24'));
    expect(await veth.pings()).toBe(false);
    inFar(() => second.attach({ interfaces: ['v0'], mode: 'auto' }));
    expect(await veth.pings()).toBe(false);
    second.applyLists([{ list: 'deny', put: [], remove: groupOf(['192.0.2.0/24', '192.0.2.1']).prefixes }]);
    expect(await veth.pings()).toBe(true);
    using map = BpfMap.openPinned(`${path}/lock_list`);
    expect([map.info.id, map.info.maxEntries]).toEqual([second.maps.get('lock_list').info.id, 501]);
  });

  it('follows a list of interfaces: new ones get it, dropped ones lose it', () => {
    veth.far.ip('link', 'add', 'v1.7', 'type', 'veth', 'peer', 'name', 'v2');
    const path = planes.path();
    const plane = planes.load(path);
    const names = () => inFar(() => plane.attachments().map((one) => one.interface)).sort();
    inFar(() => plane.attach({ interfaces: ['v0', 'v1.7'], mode: 'auto' }));
    expect(names()).toEqual(['v0', 'v1.7']);
    inFar(() => plane.attach({ interfaces: ['v1.7', 'v2'], mode: 'auto' }));
    expect(names()).toEqual(['v1.7', 'v2']);
    expect(attached(veth.ifindex)).toBeUndefined();
  });

  it('attaches anew to an interface that was removed and made again', () => {
    const plane = planes.load(planes.path());
    veth.far.ip('link', 'add', 'gone', 'type', 'veth', 'peer', 'name', 'gone2');
    inFar(() => plane.attach({ interfaces: ['gone'], mode: 'auto' }));
    veth.far.ip('link', 'del', 'gone');
    expect(inFar(() => plane.attachments())).toEqual([]);
    veth.far.ip('link', 'add', 'gone', 'type', 'veth', 'peer', 'name', 'gone2');
    expect(inFar(() => plane.attach({ interfaces: ['gone'], mode: 'auto' }))).toMatchObject([{ interface: 'gone' }]);
  });

  it('takes generic mode where the driver has no native one, and says why', () => {
    const plane = planes.load(planes.path());
    const [attachment] = inFar(() => plane.attach({ interfaces: ['lo'], mode: 'auto' }));
    expect(attachment).toMatchObject({ interface: 'lo', mode: 'generic' });
    expect(attachment!.note).toMatch(/native mode/);
    const refused = failure('ATTACH_FAILED', /^lo: .*native mode/);
    expect(() => inFar(() => plane.attach({ interfaces: ['lo'], mode: 'native' }))).toThrowError(refused);
    expect(inFar(() => plane.attachments())).toMatchObject([{ interface: 'lo', mode: 'generic' }]);
  });

  it('changes the mode when told to', () => {
    const plane = planes.load(planes.path());
    inFar(() => plane.attach({ interfaces: ['v0'], mode: 'generic' }));
    expect(attached(veth.ifindex)).toMatchObject({ mode: 'generic' });
    inFar(() => plane.attach({ interfaces: ['v0'], mode: 'auto' }));
    expect(attached(veth.ifindex)).toMatchObject({ mode: 'generic' });
    inFar(() => plane.attach({ interfaces: ['v0'], mode: 'native' }));
    expect(attached(veth.ifindex)).toMatchObject({ mode: 'native' });
  });

  it('attaches nowhere when one of the interfaces is unknown or taken', () => {
    const other = planes.load(planes.path());
    const plane = planes.load(planes.path());
    veth.far.ip('link', 'add', 'v1', 'type', 'veth', 'peer', 'name', 'v2');
    inFar(() => other.attach({ interfaces: ['v1'], mode: 'auto' }));
    const follow = (...interfaces: string[]) => inFar(() => plane.attach({ interfaces, mode: 'auto' }));
    expect(() => follow('v0', 'nope0')).toThrowError(failure('INTERFACE_UNKNOWN', /nope0/));
    expect(() => follow('v0', 'v1')).toThrowError(failure('ATTACH_FAILED', /^v1: another XDP program netxfw/));
    expect(attached(veth.ifindex)).toBeUndefined();
    expect(inFar(() => plane.attachments())).toEqual([]);
    follow('v0');
    const before = attached(veth.ifindex)!.programId;
    plane.reload({ cfg_monitor: true });
    expect(() => follow('v0', 'v1')).toThrowError(failure('ATTACH_FAILED', /v1/));
    expect(attached(veth.ifindex)!.programId).toBe(before);
  });

  it('refuses an interface without Ethernet headers, on which it would let everything pass', () => {
    veth.far.ip('tuntap', 'add', 'dev', 't0', 'mode', 'tun');
    const plane = planes.load(planes.path());
    const follow = () => inFar(() => plane.attach({ interfaces: ['v0', 't0'], mode: 'auto' }));
    expect(follow).toThrowError(failure('ATTACH_FAILED', /^t0: .*Ethernet/));
    expect(attached(veth.ifindex)).toBeUndefined();
  });

  it('keeps instances apart', async () => {
    veth.far.ip('link', 'add', 'v1', 'type', 'veth', 'peer', 'name', 'v2');
    const [one, two] = [planes.load(planes.path()), planes.load(planes.path())];
    one.applyLists(deny('198.51.100.1'));
    two.applyLists(deny('192.0.2.1'));
    inFar(() => one.attach({ interfaces: ['v0'], mode: 'auto' }));
    inFar(() => two.attach({ interfaces: ['v1'], mode: 'auto' }));
    expect(await veth.pings()).toBe(true);
    inFar(() => unload(two.maps.pinPath));
    expect(inFar(() => one.attachments())).toMatchObject([{ interface: 'v0' }]);
  });
});

describe('reloading', () => {
  it('puts new switches in force on the same maps', async () => {
    const plane = planes.load(planes.path());
    plane.applyLists(deny('192.0.2.1'));
    inFar(() => plane.attach({ interfaces: ['v0'], mode: 'auto' }));
    expect(await veth.pings()).toBe(false);
    plane.reload({ cfg_monitor: true });
    expect(await veth.pings()).toBe(false);
    inFar(() => plane.attach({ interfaces: ['v0'], mode: 'auto' }));
    expect(await veth.pings()).toBe(true);
    expect(plane.readStats().monitored.DROP_DENIED_HOST!.packets).toBeGreaterThan(0);
  });
});

describe('unloading', () => {
  it('takes the filter off and leaves nothing', async () => {
    const path = planes.path();
    const plane = planes.load(path);
    plane.applyLists(deny('192.0.2.1'));
    inFar(() => plane.attach({ interfaces: ['v0'], mode: 'auto' }));
    plane.close();
    expect(inFar(() => unload(path))).toEqual(['v0']);
    expect([existsSync(path), attached(veth.ifindex), await veth.pings()]).toEqual([false, undefined, true]);
    expect(inFar(() => unload(path))).toEqual([]);
  });

  it('works on maps that nobody can read', () => {
    const path = planes.path();
    const plane = planes.load(path);
    inFar(() => plane.attach({ interfaces: ['v0'], mode: 'auto' }));
    plane.maps.get('meta').update(new Uint8Array(4), new Uint8Array(16).fill(255));
    plane.close();
    unlinkSync(`${path}/lock_list`);
    expect(() => planes.load(path)).toThrowError(failure('LAYOUT_MISMATCH', /layout/));
    expect(inFar(() => unload(path))).toEqual(['v0']);
    expect([existsSync(path), attached(veth.ifindex)]).toEqual([false, undefined]);
  });
});
