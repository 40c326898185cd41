import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  attachXdp,
  type BpfError,
  BpfLink,
  BpfObject,
  type BpfProgram,
  inNetworkNamespace,
  interfaceIndex,
  interfaceName,
  queryXdp,
} from '../../src/ebpf/index.ts';
import { ownedPinPath } from '../support/owned.ts';
import { compileFixtures } from './fixtures.ts';
import { failOnLeaks } from './leaks.ts';
import { VethPair } from './veth.ts';

const fixtures = compileFixtures('basic');
let veth: VethPair;
let object: BpfObject;
let drop: BpfProgram;
let pass: BpfProgram;

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
  drop = object.program('drop_all').open();
  pass = object.program('give_verdict').open();
});
afterEach(() => {
  for (const handle of [drop, pass, object]) handle[Symbol.dispose]();
});

const failure = (action: () => unknown): BpfError => {
  try {
    action();
  } catch (error) {
    return error as BpfError;
  }
  throw new Error('nothing was thrown');
};

describe.each(['native', 'generic'] as const)('an XDP link in %s mode', (mode) => {
  it('filters, is found by a query, changes its program, and ends with its handle', async () => {
    expect(await veth.pings()).toBe(true);
    using link = veth.inFar(() => attachXdp(drop, veth.ifindex, mode));
    expect(veth.inFar(() => queryXdp(veth.ifindex))).toEqual({
      mode,
      programId: drop.info.id,
      programName: 'drop_all',
    });
    expect(link.info()).toMatchObject({ type: 'xdp', ifindex: veth.ifindex, programId: drop.info.id });
    expect(await veth.pings()).toBe(false);

    expect(failure(() => link.update(pass, pass)).code).toBe('CONFLICT');
    link.update(pass, drop);
    expect(link.info().programId).toBe(pass.info.id);
    expect(await veth.pings()).toBe(true);

    const busy = failure(() => veth.inFar(() => attachXdp(drop, veth.ifindex, mode)));
    expect([busy.code, busy.message]).toEqual(['BUSY', expect.stringContaining('v0')]);

    link[Symbol.dispose]();
    expect(veth.inFar(() => queryXdp(veth.ifindex))).toBeUndefined();
  });

  it('outlives its handle when pinned, and ends by detach', async () => {
    const pin = join(ownedPinPath('link'), 'v0');
    const link = veth.inFar(() => attachXdp(drop, veth.ifindex, mode));
    link.pin(pin);
    link[Symbol.dispose]();
    expect(veth.inFar(() => queryXdp(veth.ifindex))?.programId).toBe(drop.info.id);
    using again = BpfLink.openPinned(pin);
    again.update(pass);
    expect(await veth.pings()).toBe(true);
    again.detach();
    expect(again.info().ifindex).toBe(0);
    expect(veth.inFar(() => queryXdp(veth.ifindex))).toBeUndefined();
    expect(failure(() => again.update(drop)).code).toBe('NOT_FOUND');
  });
});

describe('a refused attachment', () => {
  it("tells the driver's own reason and leaves nothing attached", () => {
    const jumbo = new VethPair(9000);
    try {
      const error = failure(() => jumbo.inFar(() => attachXdp(drop, jumbo.ifindex, 'native')));
      expect(error.code).toBe('ATTACH_FAILED');
      expect(error.message).toMatch(/^attach xdp v0 native: .*MTU/);
      expect(jumbo.inFar(() => queryXdp(jumbo.ifindex))).toBeUndefined();
      using link = jumbo.inFar(() => attachXdp(drop, jumbo.ifindex, 'generic'));
      expect(link.info().ifindex).toBe(jumbo.ifindex);
    } finally {
      jumbo.dispose();
    }
  });

  it('says that there is no such interface, or no offload', () => {
    expect(failure(() => veth.inFar(() => attachXdp(drop, 4_000_000, 'generic'))).code).toBe('INTERFACE_UNKNOWN');
    expect(failure(() => veth.inFar(() => attachXdp(drop, veth.ifindex, 'offload'))).code).toBe('ATTACH_FAILED');
  });
});

describe('interfaces', () => {
  it('are known by name and number in the namespace that was entered, and only there', () => {
    expect(veth.inFar(() => interfaceName(veth.ifindex))).toBe('v0');
    expect(failure(() => interfaceIndex('v0')).code).toBe('INTERFACE_UNKNOWN');
    expect(failure(() => inNetworkNamespace('/run/netns/none', () => 0)).code).toBe('NOT_FOUND');
    expect(() =>
      veth.inFar(() => {
        throw new Error('inside');
      }),
    ).toThrow('inside');
    expect(failure(() => interfaceIndex('v0')).code).toBe('INTERFACE_UNKNOWN');
  });
});
