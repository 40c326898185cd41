import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MemoryDataPlane } from '../dataplane/memory.ts';
import { Engine } from '../engine/engine.ts';
import { defaultConfig } from '../model/config.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { WatchedConfirm } from './deadline-watch.ts';

it('a change to be confirmed is refused where nobody could undo it, and others are made', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'nxt-watch-'));
  try {
    const file = join(directory, 'confirm.json');
    let program: string | null = null;
    const engine = await Engine.open({
      dataplane: new MemoryDataPlane(),
      store: new MemoryStore(),
      config: defaultConfig(),
      confirmations: new WatchedConfirm(file, () => program),
    });
    const deny = (confirm?: number) =>
      engine.add({ list: 'deny', prefix: '192.0.2.1' }, confirm === undefined ? {} : { confirm });
    await expect(deny(60)).rejects.toMatchObject({
      code: 'DAEMON_UNREACHABLE',
      message: expect.stringContaining('bin/netxfw is missing'),
    });
    expect([engine.counts().deny, engine.config.pending(), existsSync(file)]).toEqual([0, null, false]);
    await deny();
    expect(engine.counts().deny).toBe(1);
    await engine.remove('192.0.2.1');
    program = '/bin/netxfw';
    await deny(60);
    expect([engine.counts().deny, existsSync(file)]).toEqual([1, true]);
    await engine.close();
  } finally {
    rmSync(directory, { recursive: true });
  }
});
