import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  attachTc,
  type BpfError,
  BpfObject,
  type BpfProgram,
  inNetworkNamespace,
  interfaceIndex,
  openTc,
  type TcDirection,
} from '../../src/ebpf/index.ts';
import { ownedPinPath } from '../support/owned.ts';
import { compileFixtures } from './fixtures.ts';
import { failOnLeaks } from './leaks.ts';
import { VethPair } from './veth.ts';

const fixtures = compileFixtures('basic');
let veth: VethPair;
let object: BpfObject;
let drop: BpfProgram;
let mark: BpfProgram;

beforeAll(() => {
  veth = new VethPair();
});
afterAll(() => {
  veth.dispose();
  fixtures[Symbol.dispose]();
});
failOnLeaks();
beforeEach(() => {
  object = BpfObject.open(fixtures.object('basic'));
  object.load();
  drop = object.program('drop_egress').open();
  mark = object.program('mark').open();
});
afterEach(() => {
  for (const handle of [drop, mark, object]) handle[Symbol.dispose]();
});

/** How many packets `mark` has seen, on all CPUs. */
function marked(): number {
  using counters = object.map('counters').open();
  const perCpu = counters.lookupPerCpu(Uint8Array.of(1, 0, 0, 0))!;
  return perCpu.reduce((sum, value) => sum + new DataView(value.buffer, value.byteOffset).getUint32(0, true), 0);
}

const cases = (['tcx', 'clsact'] as const).flatMap((backend) =>
  (['egress', 'ingress'] as TcDirection[]).map((direction) => ({ backend, direction })),
);

describe.each(cases)('$backend $direction', ({ backend, direction }) => {
  it('filters, changes its program, and ends with its handle', async () => {
    using attachment = veth.inFar(() => attachTc(mark, veth.ifindex, direction, { backend }));
    expect(attachment).toMatchObject({ backend, direction, ifindex: veth.ifindex });
    expect(veth.inFar(() => attachment.programId())).toBe(mark.info.id);
    expect(await veth.pings()).toBe(true);
    expect(marked()).toBeGreaterThanOrEqual(3);

    veth.inFar(() => attachment.update(drop));
    expect(veth.inFar(() => attachment.programId())).toBe(drop.info.id);
    expect(await veth.pings()).toBe(false);

    veth.inFar(() => attachment[Symbol.dispose]());
    expect(await veth.pings()).toBe(true);
  });

  it('persists when told to, is found again, and detaches', async () => {
    const path = join(ownedPinPath('tc'), direction);
    expect(veth.inFar(() => openTc(path, veth.ifindex, direction))).toBeUndefined();
    veth.inFar(() => {
      using attachment = attachTc(drop, veth.ifindex, direction, { backend });
      attachment.persist(path);
    });
    expect(await veth.pings()).toBe(false);
    using found = veth.inFar(() => openTc(path, veth.ifindex, direction));
    expect(found?.backend).toBe(backend);
    expect(veth.inFar(() => found?.programId())).toBe(drop.info.id);
    veth.inFar(() => found?.detach());
    expect(veth.inFar(() => found?.programId())).toBeUndefined();
    expect(await veth.pings()).toBe(true);
  });
});

describe('attachTc', () => {
  it('takes TCX by itself where the kernel has it', () => {
    using attachment = veth.inFar(() => attachTc(mark, veth.ifindex, 'egress'));
    expect(attachment.backend).toBe('tcx');
  });

  it('refuses a place that is taken, and an interface that is not there', () => {
    veth.inFar(() => {
      using _first = attachTc(mark, veth.ifindex, 'egress', { backend: 'clsact' });
      const codes = [
        () => attachTc(drop, veth.ifindex, 'egress', { backend: 'clsact' }),
        () => attachTc(drop, 4_000_000, 'egress'),
      ].map((attempt) => {
        try {
          attempt();
        } catch (error) {
          return (error as BpfError).code;
        }
        return undefined;
      });
      expect(codes).toEqual(['BUSY', 'INTERFACE_UNKNOWN']);
    });
  });

  it('loses a link with its interface', () => {
    const doomed = new VethPair();
    try {
      const path = `/run/netns/${doomed.far.name}`;
      using attachment = doomed.inFar(() => attachTc(mark, interfaceIndex('v0'), 'egress'));
      doomed.far.ip('link', 'del', 'v0');
      expect(inNetworkNamespace(path, () => attachment.programId())).toBeUndefined();
    } finally {
      doomed.dispose();
    }
  });
});
