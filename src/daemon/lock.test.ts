import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { acquireLock, lockHolder } from './lock.ts';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'nxt-lock-'));
  path = join(directory, 'deep', 'netxfw.lock');
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

it('is held by one, and named to the others', async () => {
  using _lock = await acquireLock(path, 'daemon');
  expect(lockHolder(path)).toEqual({ pid: process.pid, role: 'daemon' });
  await expect(acquireLock(path, 'command', { patience: 10_000 })).rejects.toMatchObject({
    code: 'LOCKED',
    message: expect.stringContaining(`process ${process.pid}`),
    details: { lock: path, pid: process.pid, role: 'daemon' },
  });
});

it('is waited for while a command holds it', async () => {
  const first = await acquireLock(path, 'command');
  const second = acquireLock(path, 'command', { patience: 10_000 });
  setTimeout(() => first[Symbol.dispose](), 50);
  (await second)[Symbol.dispose]();
});

it('is not waited for longer than told', async () => {
  using _lock = await acquireLock(path, 'command');
  await expect(acquireLock(path, 'command', { patience: 30 })).rejects.toMatchObject({ code: 'LOCKED' });
});

it('is free after the holder was killed', async () => {
  using first = await acquireLock(path, 'command');
  first[Symbol.dispose]();
  const script = `exec 9>>'${path}'; flock 9; echo held; exec sleep 60`;
  const holder = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(holder.stdout, 'data');
  await expect(acquireLock(path, 'command')).rejects.toMatchObject({ code: 'LOCKED' });
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  (await acquireLock(path, 'daemon', { patience: 10_000 }))[Symbol.dispose]();
});

it.each(['', 'x', '{"pid":"1"}', '{"pid":999999999,"role":"daemon"}'])(
  'reads %j as held by nobody known',
  async (text) => {
    (await acquireLock(path, 'daemon'))[Symbol.dispose]();
    writeFileSync(path, text);
    expect(lockHolder(path)).toBeNull();
  },
);
