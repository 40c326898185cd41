import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { kernelFilter } from './kernel-filter.ts';

it('unloading removes nothing outside a bpf file system, whatever the configuration says', () => {
  const directory = mkdtempSync(join(tmpdir(), 'nxt-unload-'));
  try {
    mkdirSync(join(directory, 'links'));
    for (const name of ['meta', 'links/xdp-eth0']) writeFileSync(join(directory, name), 'mine');
    expect(kernelFilter.unload(directory)).toEqual([]);
    expect(existsSync(join(directory, 'meta'))).toBe(true);
    expect(existsSync(join(directory, 'links/xdp-eth0'))).toBe(true);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
