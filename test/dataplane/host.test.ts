import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bpfFile } from '../../src/dataplane/bpf-files.ts';
import { Clock, derivedHz, readClock } from '../../src/dataplane/clock.ts';
import { KernelDataPlane, unload } from '../../src/dataplane/index.ts';
import { BpfObject } from '../../src/ebpf/index.ts';
import { failOnLeaks } from '../ebpf/leaks.ts';
import { CAPACITY, Planes } from './planes.ts';

failOnLeaks();

const NOBODY = 65534;

describe('what is in the way of the filter is said', () => {
  it('not root', () => {
    const pinPath = '/sys/fs/bpf/nxt-none';
    process.seteuid!(NOBODY);
    try {
      const notRoot = expect.objectContaining({ code: 'NOT_ROOT' });
      expect(() => KernelDataPlane.load({ pinPath, capacity: CAPACITY })).toThrowError(notRoot);
      expect(() => KernelDataPlane.open(pinPath)).toThrowError(notRoot);
      expect(() => unload(pinPath)).toThrowError(notRoot);
    } finally {
      process.seteuid!(0);
    }
  });

  it('a pin path that is on no bpf file system', () => {
    const pinPath = mkdtempSync(join(tmpdir(), 'nxt-'));
    const noBpffs = expect.objectContaining({ code: 'NO_BPFFS', message: expect.stringContaining(pinPath) });
    expect(() => KernelDataPlane.load({ pinPath, capacity: CAPACITY })).toThrowError(noBpffs);
    rmdirSync(pinPath);
  });

  it('a program that is not built, or not one', () => {
    const planes = new Planes();
    const path = planes.path();
    expect(() => planes.load(path, { object: '/nonexistent/netxfw.bpf.o' })).toThrowError(
      expect.objectContaining({ code: 'OBJECT_MISSING', message: expect.stringContaining('/nonexistent') }),
    );
    expect(planes.open(path)).toBeUndefined();
    planes.dispose();
  });
});

describe("the kernel's clock", () => {
  it('runs at the rate that its start gives away, and as this side computes', () => {
    const clock = readClock();
    using object = BpfObject.open(bpfFile('clock'));
    object.load();
    using program = object.program('clock').open();
    const sample = () => {
      const words = new BigUint64Array(program.testRun({ data: new Uint8Array(64) }).data.slice(0, 16).buffer);
      return { jiffies: Number(words[0]), ktime: Number(words[1]) };
    };
    const now = sample();
    expect([clock.hz, undefined]).toContain(derivedHz(now));
    const same = new Clock(clock.hz, now);
    // Both began their count at another phase of a tick.
    expect(Math.abs(clock.now() - same.now())).toBeLessThanOrEqual(2);
  });
});
