import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bpfFile } from '../../src/dataplane/bpf-files.ts';
import type { KernelDataPlane } from '../../src/dataplane/index.ts';
import { inNetworkNamespace } from '../../src/ebpf/index.ts';
import { failOnLeaks } from '../ebpf/leaks.ts';
import { VethPair } from '../ebpf/veth.ts';
import { eth, ipv4, packet, payload, udp, vlan } from '../support/packet.ts';
import { compilePlugin } from '../support/plugin-object.ts';
import { configOf, from, groupOf, NOTHING, Planes } from './planes.ts';

failOnLeaks();

const COUNT_DNS = bpfFile('plugins/count_dns');
const directory = mkdtempSync(join(tmpdir(), 'nxt-plugins-'));

/** Decides by the first byte of the payload: 1 passes, 2 drops, anything else goes on. */
const DECIDER = `#include <netxfw_plugin.h>
NETXFW_PLUGIN(decider)
{
	struct nx_frame frame = netxfw_frame(ctx);
	struct nx_pkt pkt = {};
	__u8 *byte;

	if (netxfw_parse(&frame, &pkt) != NX_REASON_NONE)
		return netxfw_next(ctx);
	byte = netxfw_at(&frame, pkt.l4 + sizeof(struct udphdr), 1);
	if (byte && *byte == 1)
		return netxfw_pass(ctx);
	if (byte && *byte == 2)
		return netxfw_drop(ctx);
	return netxfw_next(ctx);
}
`;
const REJECTED = `#include <netxfw_plugin.h>
NETXFW_PLUGIN(rejected)
{
	return *(int *)(long)ctx->data;
}
`;
const NO_PLUGIN = `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
SEC("xdp") int stray(struct xdp_md *ctx) { return XDP_PASS; }
char LICENSE[] SEC("license") = "GPL";
`;

let planes = new Planes();
let decider = '';
beforeAll(() => {
  decider = compilePlugin(directory, 'decider', DECIDER);
});
afterEach(() => {
  planes.dispose();
  planes = new Planes();
});
afterAll(() => rmSync(directory, { recursive: true }));

function load(path = planes.path()): KernelDataPlane {
  const plane = planes.load(path, { config: configOf() });
  plane.applyLists([{ list: 'deny', put: [groupOf(['192.0.2.66'])], remove: NOTHING }]);
  return plane;
}

const marked = (src: string, byte: number, ...tags: ReturnType<typeof vlan>[]) =>
  packet(eth(), tags, ipv4({ src }), udp(), payload([byte]));
const reasons = (plane: KernelDataPlane) =>
  [marked('192.0.2.66', 1), marked('192.0.2.1', 2), marked('192.0.2.66', 3), marked('192.0.2.1', 3)].map(
    (frame) => plane.run(frame).reason,
  );
const DECIDED = ['PASS_PLUGIN', 'DROP_PLUGIN', 'DROP_DENIED_HOST', 'PASS_DEFAULT'];
const UNDECIDED = ['DROP_DENIED_HOST', 'PASS_DEFAULT', 'DROP_DENIED_HOST', 'PASS_DEFAULT'];

describe('plugins', () => {
  it('decide before the firewall, or go on to all of it', () => {
    const plane = load();
    expect(reasons(plane)).toEqual(UNDECIDED);
    expect(plane.loadPlugin(7, decider)).toMatchObject({ slot: 7, name: 'decider', file: decider });
    expect(reasons(plane)).toEqual(DECIDED);
    expect(plane.run(marked('192.0.2.66', 1, vlan(3), vlan(4))).reason).toBe('PASS_PLUGIN');
    plane.removePlugin(7);
    expect(plane.plugins()).toEqual([]);
    expect(reasons(plane)).toEqual(UNDECIDED);
    expect(plane.maps.get('jmp_table').readAll().count).toBe(0);
  });

  it('run in the order of their slots, and one goes without the others', () => {
    const plane = load();
    plane.loadPlugin(9, decider);
    plane.loadPlugin(2, COUNT_DNS);
    expect(plane.plugins().map(({ slot, name }) => [slot, name])).toEqual([
      [2, 'count_dns'],
      [9, 'decider'],
    ]);
    expect(reasons(plane)).toEqual(DECIDED);
    plane.removePlugin(2);
    expect(reasons(plane)).toEqual(DECIDED);
  });

  it('stay where they are when the firewall follows another policy, or its process ends', () => {
    const path = planes.path();
    const first = load(path);
    first.loadPlugin(3, decider);
    const [before] = first.plugins();
    first.configure(configOf({ base: { strict_protocol: true } }));
    expect(reasons(first)).toEqual(DECIDED);
    first.configure(configOf({ capacity: { lock_list: 700 } }));
    expect(reasons(first)).toEqual(DECIDED);
    expect(first.plugins()).toEqual([before]);
    first.close();
    const second = load(path);
    expect(second.plugins()).toEqual([before]);
    expect(reasons(second)).toEqual(DECIDED);
    const third = planes.open(path)!;
    third.removePlugin(3);
    third.loadPlugin(4, decider);
    expect(second.plugins().map(({ slot }) => slot)).toEqual([4]);
  });

  it('are refused with what is wrong about them', () => {
    const plane = load();
    plane.loadPlugin(2, decider);
    const refusal = (slot: number, file: string) => {
      try {
        plane.loadPlugin(slot, file);
      } catch (error) {
        return error as Error & { code: string; details?: { log: string } };
      }
      throw new Error('it was not refused');
    };
    expect(refusal(1, decider)).toMatchObject({ code: 'INVALID_INPUT', message: expect.stringMatching(/^1 is not/) });
    expect(refusal(16, decider).code).toBe('INVALID_INPUT');
    expect(refusal(2, decider)).toMatchObject({ code: 'INVALID_INPUT', message: expect.stringMatching(/decider/) });
    expect(refusal(3, '/nowhere.o').code).toBe('FILE_NOT_FOUND');
    expect(refusal(3, join(directory, 'decider.c')).code).toBe('INVALID_INPUT');
    expect(refusal(3, bpfFile('netxfw')).code).toBe('INVALID_INPUT');
    expect(refusal(3, compilePlugin(directory, 'stray', NO_PLUGIN)).message).toMatch(/netxfw_plugin\.h/);
    const rejected = refusal(3, compilePlugin(directory, 'rejected', REJECTED));
    expect(rejected.code).toBe('VERIFIER_REJECTED');
    expect(rejected.details!.log).toMatch(/R\d|invalid/);
    expect(() => plane.removePlugin(5)).toThrowError(expect.objectContaining({ code: 'NOT_FOUND' }));
    expect(plane.plugins().map(({ slot }) => slot)).toEqual([2]);
    expect(reasons(plane)).toEqual(DECIDED);
  });

  it('judge real packets as soon as they are loaded', async () => {
    const veth = new VethPair();
    try {
      const inFar = <Result>(act: () => Result) => inNetworkNamespace(`/run/netns/${veth.far.name}`, act);
      const plane = planes.load(planes.path(), { config: configOf() });
      inFar(() => plane.attach({ interfaces: ['v0'], mode: 'auto' }));
      expect(await veth.pings()).toBe(true);
      const all = compilePlugin(
        directory,
        'all',
        DECIDER.replace('decider', 'all').replace('byte && *byte == 2', 'pkt.family == 4'),
      );
      inFar(() => plane.loadPlugin(2, all));
      expect(await veth.pings()).toBe(false);
      expect(plane.readStats().reasons.DROP_PLUGIN?.packets).toBeGreaterThan(0);
      inFar(() => plane.removePlugin(2));
      expect(await veth.pings()).toBe(true);
      expect(plane.run(from('192.0.2.1')).reason).toBe('PASS_DEFAULT');
    } finally {
      veth.dispose();
    }
  });
});
