import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { unload } from '../../src/dataplane/index.ts';
import { BpfLink, openTc } from '../../src/ebpf/index.ts';
import { ATTACH_TYPE } from '../../src/ebpf/uapi.ts';
import { failOnLeaks } from '../ebpf/leaks.ts';
import { VethPair } from '../ebpf/veth.ts';
import { eth, ipv4, packet, payload, udp } from '../support/packet.ts';
import { configOf, from, groupOf, NOTHING, Planes } from './planes.ts';

failOnLeaks();

/** What older kernels lack, and what takes its place there. */
let planes: Planes;
let veth: VethPair | undefined;
beforeEach(() => {
  planes = new Planes();
});
afterEach(() => {
  vi.restoreAllMocks();
  if (veth === undefined) planes.dispose();
  else veth.inFar(() => planes.dispose());
  veth?.dispose();
  veth = undefined;
});

/** Kernels before 6.6 know no TCX links. */
function withoutTcx(): void {
  const create = BpfLink.create.bind(BpfLink);
  vi.spyOn(BpfLink, 'create').mockImplementation((program, ifindex, type, flags) =>
    type === ATTACH_TYPE.TCX_EGRESS ? -22 : create(program, ifindex, type, flags),
  );
}

const PLACE = { priority: 0x4e58, handle: 1 };

describe('without TCX', () => {
  /** Packets of far's that the egress program recorded. */
  const pinged = async (pair: VethPair): Promise<boolean> =>
    (await pair.far.run(['ping', '-n', '-c', '1', '-W', '2', '192.0.2.1'])).status === 0;

  it('outgoing packets are followed by a clsact filter, which outlives the process and is updated', async () => {
    const pair = new VethPair();
    veth = pair;
    withoutTcx();
    const path = planes.path();
    const config = configOf({ base: { default_deny: true, allow_icmp: false } });
    const plane = planes.load(path, { config });
    pair.inFar(() => plane.attach({ interfaces: ['v0'], mode: 'auto' }));
    const filter = () => pair.inFar(() => openTc(`${path}/links/tcx-v0`, pair.ifindex, 'egress', PLACE));
    const programId = () => {
      using attachment = filter();
      return pair.inFar(() => ({ backend: attachment?.backend, id: attachment?.programId() }));
    };
    const first = programId();
    expect(first.backend).toBe('clsact');
    expect(await pinged(pair)).toBe(true);
    expect([...plane.flows()].length).toBe(1);
    plane.close();
    expect(await pinged(pair)).toBe(true);

    const next = planes.load(path, { config });
    pair.inFar(() => next.attach({ interfaces: ['v0'], mode: 'auto' }));
    const second = programId();
    expect(second).toMatchObject({ backend: 'clsact' });
    expect(second.id).not.toBe(first.id);
    expect(await pinged(pair)).toBe(true);

    // A newer kernel after that, in the same place: the filter stays what it is.
    vi.restoreAllMocks();
    pair.inFar(() => next.attach({ interfaces: ['v0'], mode: 'auto' }));
    expect(programId().backend).toBe('clsact');
    next.close();
    expect(pair.inFar(() => unload(path))).toEqual(['v0']);
    expect(filter()).toBeUndefined();
  });
});

describe('without frames in several buffers', () => {
  const switches = { cfg_frags: false };

  it('the program judges all the same; what it cannot see whole does not pass', () => {
    const plane = planes.load(planes.path(), { config: configOf(), switches });
    plane.applyLists([{ list: 'deny', put: [groupOf(['192.0.2.66'])], remove: NOTHING }]);
    expect([plane.run(from('192.0.2.66')).reason, plane.run(from('192.0.2.1')).reason]).toEqual([
      'DROP_DENIED_HOST',
      'PASS_DEFAULT',
    ]);
    expect(plane.run(packet(eth(), ipv4(), udp(), payload(8000))).reason).toBe('DROP_MALFORMED');
  });

  it('an interface with jumbo frames gets it in generic mode, and the note says why', async () => {
    const pair = new VethPair(9000);
    veth = pair;
    const plane = planes.load(planes.path(), { config: configOf(), switches });
    const [attachment] = pair.inFar(() => plane.attach({ interfaces: ['v0'], mode: 'auto' }));
    expect(attachment).toMatchObject({ interface: 'v0', mode: 'generic' });
    expect(attachment!.note).not.toBeNull();
    const ping = ['ping', '-n', '-c', '1', '-W', '2', '-M', 'do', '-s', '8000', '192.0.2.2'];
    expect((await pair.near.run(ping)).status).toBe(0);
    plane.applyLists([{ list: 'deny', put: [groupOf(['192.0.2.1'])], remove: NOTHING }]);
    expect((await pair.near.run(ping)).status).not.toBe(0);
  });
});

describe('frames in several buffers', () => {
  const plane = () => {
    const loaded = planes.load(planes.path(), { config: configOf() });
    loaded.applyLists([{ list: 'deny', put: [groupOf(['192.0.2.66'])], remove: NOTHING }]);
    return loaded;
  };
  const jumbo = (src: string, more: { readonly totalLength?: number } = {}) =>
    packet(eth(), ipv4({ src, ...more }), udp(), payload(8900));

  it('are judged by their headers, and counted whole', () => {
    const filter = plane();
    expect(filter.run(jumbo('192.0.2.1')).reason).toBe('PASS_DEFAULT');
    expect(filter.run(jumbo('192.0.2.66')).reason).toBe('DROP_DENIED_HOST');
    expect(filter.readStats().reasons.DROP_DENIED_HOST).toEqual({ packets: 1, bytes: jumbo('192.0.2.66').length });
  });

  it('that promise more than they have are malformed', () => {
    const filter = plane();
    const { length } = jumbo('192.0.2.1');
    expect(filter.run(jumbo('192.0.2.1', { totalLength: length - 14 })).reason).toBe('PASS_DEFAULT');
    expect(filter.run(jumbo('192.0.2.1', { totalLength: length - 13 })).reason).toBe('DROP_MALFORMED');
  });

  it('arrive, or do not, on a link that carries them', async () => {
    const pair = new VethPair(9000);
    veth = pair;
    const filter = plane();
    expect(pair.inFar(() => filter.attach({ interfaces: ['v0'], mode: 'auto' }))).toMatchObject([{ mode: 'native' }]);
    const ping = ['ping', '-n', '-c', '1', '-W', '2', '-M', 'do', '-s', '8900', '192.0.2.2'];
    expect((await pair.near.run(ping)).status).toBe(0);
    filter.applyLists([{ list: 'deny', put: [groupOf(['192.0.2.1'])], remove: NOTHING }]);
    expect((await pair.near.run(ping)).status).not.toBe(0);
    expect(filter.readStats().reasons.DROP_DENIED_HOST!.bytes).toBeGreaterThan(8900);
  });
});
