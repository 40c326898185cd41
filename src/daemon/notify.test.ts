import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { notifySystemd } from './notify.ts';

let directory: string;
let said: string;

/** Stands for systemd-notify, which is there only where systemd is. */
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'nxt-notify-'));
  said = join(directory, 'said');
  const program = join(directory, 'systemd-notify');
  writeFileSync(program, `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >>'${said}'\n`);
  chmodSync(program, 0o755);
  vi.stubEnv('PATH', `${directory}:${process.env.PATH}`);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true, force: true });
});

it('tells systemd when it listens', async () => {
  vi.stubEnv('NOTIFY_SOCKET', '/run/systemd/notify');
  await notifySystemd('--ready', '--status=filtering');
  expect(readFileSync(said, 'utf8')).toBe('/run/systemd/notify --ready --status=filtering\n');
});

it('tells nobody otherwise', async () => {
  vi.stubEnv('NOTIFY_SOCKET', undefined);
  await notifySystemd('--ready');
  expect(existsSync(said)).toBe(false);
});

it('rejects when systemd cannot be told', async () => {
  vi.stubEnv('NOTIFY_SOCKET', '/run/systemd/notify');
  vi.stubEnv('PATH', '/nowhere');
  await expect(notifySystemd('--ready')).rejects.toThrow('systemd-notify');
});
