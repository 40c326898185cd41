import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sshPorts } from './ssh-ports.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'nxt-ssh-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

it('is 22 when nothing says otherwise', () => {
  expect(sshPorts(directory, {})).toEqual([22]);
  writeFileSync(join(directory, 'sshd_config'), '# Port 2222\nPermitRootLogin no\nListenAddress 192.0.2.1\n');
  expect(sshPorts(directory, {})).toEqual([22]);
});

it('is what the configuration says, its parts included', () => {
  mkdirSync(join(directory, 'sshd_config.d'));
  writeFileSync(join(directory, 'sshd_config'), 'Port 2222\nport 2223\nListenAddress [2001:db8::1]:2224\n');
  writeFileSync(
    join(directory, 'sshd_config.d', 'more.conf'),
    '  ListenAddress 192.0.2.1:2225\nPort 2222\nPort 99999\n',
  );
  writeFileSync(join(directory, 'sshd_config.d', 'more.bak'), 'Port 1\n');
  expect(sshPorts(directory, {})).toEqual([2222, 2223, 2224, 2225]);
});

it('has the port of the session that this process belongs to', () => {
  expect(sshPorts(directory, { SSH_CONNECTION: '192.0.2.9 50000 192.0.2.1 2022' })).toEqual([22, 2022]);
  expect(sshPorts(directory, { SSH_CONNECTION: 'nonsense' })).toEqual([22]);
});
