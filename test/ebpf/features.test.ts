import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  BpfError,
  FEATURES,
  type Feature,
  FileLock,
  isAtLeast,
  isBpffs,
  kernelVersion,
  mountBpffs,
  probeFeature,
  probeFeatures,
  requireBpffs,
} from '../../src/ebpf/index.ts';
import { ownedDirectory, ownedPinPath } from '../support/owned.ts';
import { runSync } from '../support/process.ts';
import { failOnLeaks } from './leaks.ts';

failOnLeaks();

describe('feature probes', () => {
  it('agree with the version of a kernel that has everything, and explain themselves', () => {
    const answers = probeFeatures();
    expect(answers.map(({ feature }) => feature)).toEqual(Object.keys(FEATURES));
    for (const { supported, minKernel, reason } of answers) {
      expect(supported, reason).toBe(isAtLeast(kernelVersion(), minKernel));
      expect(reason).toMatch(/kernel \d/);
    }
  });

  it.each(Object.keys(FEATURES) as Feature[])('%s answers the same twice', (feature) => {
    expect(probeFeature(feature)).toEqual(probeFeature(feature));
  });
});

describe('bpffs', () => {
  const directory = ownedDirectory('bpffs');
  const mounted = join(directory);
  afterAll(() => {
    runSync(['umount', mounted]);
  });

  it('is told from other file systems, also for paths that do not exist yet', () => {
    const pins = ownedPinPath('fs');
    expect(isBpffs('/sys/fs/bpf')).toBe(true);
    expect(isBpffs(join(pins, 'not/there/yet'))).toBe(true);
    expect(isBpffs('/tmp')).toBe(false);
    expect(isBpffs('/nonexistent/path')).toBe(false);
    expect(() => requireBpffs(pins)).not.toThrow();
    try {
      requireBpffs('/tmp/pins');
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'NO_BPFFS', hint: expect.stringContaining('mount -t bpf') });
      expect((error as BpfError).message).toContain('/tmp/pins');
    }
  });

  it('is mounted once', () => {
    expect(isBpffs(mounted)).toBe(false);
    mountBpffs(mounted);
    expect(isBpffs(mounted)).toBe(true);
    mountBpffs(mounted);
    expect(runSync(['umount', mounted]).status).toBe(0);
    expect(isBpffs(mounted)).toBe(false);
    expect(() => mountBpffs('/nonexistent/bpf')).toThrow(BpfError);
  });
});

describe('a file lock', () => {
  const path = join(ownedDirectory('lock'), 'lock');

  it('excludes a second holder until it is given up', () => {
    const lock = FileLock.acquire(path);
    try {
      FileLock.acquire(path);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'LOCKED', message: expect.stringContaining(path) });
    }
    expect(spawnSync('flock', ['-n', path, 'true']).status).toBe(1);
    lock[Symbol.dispose]();
    lock[Symbol.dispose]();
    using again = FileLock.acquire(path);
    expect(again.path).toBe(path);
  });

  it('ends with its holder, however that ends', () => {
    const script = `exec 9>>${path}; flock -n 9 && kill -9 $$`;
    expect(runSync(['sh', '-c', script]).status).toBe(137);
    FileLock.acquire(path)[Symbol.dispose]();
  });
});
