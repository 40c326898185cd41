import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listenOnSocket } from './socket.ts';

let directory: string;
const servers: Server[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'nxt-socket-'));
});

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  rmSync(directory, { recursive: true, force: true });
});

function listener() {
  return {
    listen: ({ path }: { path: string }) =>
      new Promise<void>((resolve) => {
        const server = createServer((connection) => connection.destroy());
        servers.push(server);
        server.listen(path, resolve);
      }),
  };
}

it('makes the directory and a socket that only the owner can open', async () => {
  const path = join(directory, 'run', 'a.sock');
  const mask = process.umask();
  await listenOnSocket(listener(), path);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(directory, 'run')).mode & 0o777).toBe(0o700);
  expect(process.umask()).toBe(mask);
});

it('replaces what a dead process left behind', async () => {
  const path = join(directory, 'a.sock');
  writeFileSync(path, '');
  await listenOnSocket(listener(), path);
  expect(statSync(path).isSocket()).toBe(true);
});

it('leaves a socket alone on which somebody answers', async () => {
  const path = join(directory, 'a.sock');
  await listenOnSocket(listener(), path);
  const { ino } = statSync(path);
  await expect(listenOnSocket(listener(), path)).rejects.toMatchObject({ code: 'LOCKED' });
  expect(statSync(path).ino).toBe(ino);
});

it('names a path that is too long for a socket', async () => {
  const path = join(directory, 'x'.repeat(100), 'a.sock');
  await expect(listenOnSocket(listener(), path)).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining(path),
  });
  expect(existsSync(path)).toBe(false);
});
