import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KernelDataPlane } from '../../src/dataplane/index.ts';
import { pinOf } from '../../src/dataplane/pin-paths.ts';
import { BpfLink, queryXdp } from '../../src/ebpf/index.ts';
import { failOnLeaks } from '../ebpf/leaks.ts';
import { VethPair } from '../ebpf/veth.ts';
import { configOf, groupOf, NOTHING, Planes } from './planes.ts';

failOnLeaks();

let planes: Planes;
let veth: VethPair;
let path: string;
let plane: KernelDataPlane;
beforeEach(() => {
  planes = new Planes();
  veth = new VethPair();
  path = planes.path();
  plane = planes.load(path, { config: configOf({ conntrack: { enabled: true } }) });
  inFar(() => plane.attach({ interfaces: ['v0'], mode: 'auto' }));
});
afterEach(() => {
  inFar(() => planes.dispose());
  veth.dispose();
});

const inFar = <Result>(operation: () => Result): Result => veth.inFar(operation);
const broken = (of: KernelDataPlane = plane) =>
  inFar(() => of.health())
    .filter(({ ok }) => !ok)
    .map(({ name, message }) => `${name}: ${message}`);
const detach = (pin: string) => {
  using link = BpfLink.openPinned(pin);
  link.detach();
};

describe('the health of the filter', () => {
  it('is good where everything is as it was made, also for a process that made nothing', () => {
    expect(broken()).toEqual([]);
    expect(inFar(() => plane.health()).map(({ name }) => name)).toEqual([
      'bpffs',
      'layout',
      'maps',
      'filter on v0',
      'egress on v0',
    ]);
    const other = KernelDataPlane.open(path)!;
    expect(broken(other)).toEqual([]);
    other.close();
  });

  it('names what is missing, and is good again after healing', async () => {
    plane.applyLists([{ list: 'deny', put: [groupOf(['192.0.2.1'])], remove: NOTHING }]);
    detach(pinOf.xdp(path, 'v0'));
    detach(pinOf.tcx(path, 'v0'));
    expect(broken()).toEqual([
      'filter on v0: no filter is on v0: its packets are not judged',
      'egress on v0: nothing records what leaves v0: replies are not recognised',
    ]);
    expect(await veth.pings()).toBe(true);
    expect(inFar(() => plane.heal())).toEqual(['v0']);
    expect(broken()).toEqual([]);
    expect(inFar(() => plane.heal())).toEqual([]);
    expect(await veth.pings()).toBe(false);
  });

  it('is healed by a process that has loaded nothing', () => {
    plane.close();
    detach(pinOf.xdp(path, 'v0'));
    const other = KernelDataPlane.open(path)!;
    expect(inFar(() => other.heal())).toEqual(['v0']);
    expect(broken(other)).toEqual([]);
    other.close();
  });

  it('does not push another program out, and names it', () => {
    detach(pinOf.xdp(path, 'v0'));
    const stranger = planes.load(planes.path());
    inFar(() => stranger.attach({ interfaces: ['v0'], mode: 'auto' }));
    const { programId } = inFar(() => queryXdp(veth.ifindex))!;
    expect(broken()).toContainEqual(expect.stringMatching(`another program .*id ${programId}.* is on v0`));
    expect(() => inFar(() => plane.heal())).toThrowError(
      expect.objectContaining({ code: 'ATTACH_FAILED', message: expect.stringMatching(`id ${programId}`) }),
    );
    expect(inFar(() => queryXdp(veth.ifindex))!.programId).toBe(programId);
  });

  it('waits for an interface that is gone', () => {
    veth.far.ip('link', 'del', 'v0');
    expect(broken()).toEqual(['filter on v0: there is no interface v0', 'egress on v0: there is no interface v0']);
    expect(inFar(() => plane.heal())).toEqual([]);
    veth.far.ip('link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1');
    expect(inFar(() => plane.heal())).toEqual(['v0']);
    expect(broken()).toEqual([]);
  });

  it('is bad where the filter is on no interface', () => {
    const nowhere = planes.load(planes.path());
    expect(broken(nowhere)).toEqual(['filter: the filter is on no interface: all packets pass']);
  });
});
