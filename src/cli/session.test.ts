import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { originOf, parentVariables, sessionPeers } from './session.ts';

let proc: string;
beforeEach(() => {
  proc = mkdtempSync(join(tmpdir(), 'netxfw-proc-'));
});
afterEach(() => rmSync(proc, { recursive: true, force: true }));

function process(pid: number, parent: number, variables: Record<string, string> | null): void {
  mkdirSync(join(proc, String(pid)));
  writeFileSync(join(proc, String(pid), 'status'), `Name:\tx\nPid:\t${pid}\nPPid:\t${parent}\n`);
  if (variables === null) return;
  const text = Object.entries(variables).map(([name, value]) => `${name}=${value}\0`);
  writeFileSync(join(proc, String(pid), 'environ'), text.join(''));
}

describe('sessionPeers', () => {
  it.each([
    [{}, []],
    [{ SSH_CLIENT: '192.0.2.1 50000 22' }, ['192.0.2.1']],
    [{ SSH_CONNECTION: '2001:db8::1 50000 2001:db8::2 22' }, ['2001:db8::1']],
    [{ SSH_CLIENT: '192.0.2.1 1 22', SSH_CONNECTION: '192.0.2.1 1 192.0.2.9 22' }, ['192.0.2.1']],
    [{ SSH_CLIENT: 'fe80::1%eth0 50000 22' }, ['fe80::1']],
    [{ SSH_CLIENT: '' }, []],
    [{ SSH_CLIENT: 'nonsense 1 2' }, []],
    [{ SSH_CLIENT: '192.0.2.0/24 1 2' }, []],
  ])('of %j', (variables, peers) => {
    expect(sessionPeers(variables, [])).toEqual(peers);
  });

  it('finds what sudo has dropped, in the parents', () => {
    process(300, 200, { SUDO_USER: 'alice' });
    process(200, 100, null);
    process(100, 1, { HOME: '/home', SSH_CONNECTION: '192.0.2.7 50000 192.0.2.9 22' });
    process(1, 0, { SSH_CLIENT: '198.51.100.1 1 22' });
    expect(sessionPeers({}, parentVariables(300, proc))).toEqual(['192.0.2.7']);
    expect(sessionPeers({ SSH_CLIENT: '192.0.2.8 1 22' }, parentVariables(300, proc))).toEqual([
      '192.0.2.8',
      '192.0.2.7',
    ]);
  });

  it('ends where the table of processes does, and in a loop', () => {
    process(300, 299, { SSH_CLIENT: '192.0.2.1 1 22' });
    process(400, 401, {});
    process(401, 400, {});
    expect([...parentVariables(300, proc)]).toHaveLength(1);
    expect([...parentVariables(400, proc)].length).toBeGreaterThan(1);
  });
});

it.each([
  [{ SUDO_USER: 'alice', USER: 'root' }, 'cli:alice'],
  [{ USER: 'root' }, 'cli:root'],
  [{ SUDO_USER: '', LOGNAME: 'bob' }, 'cli:bob'],
  [{}, 'cli'],
])('originOf %j', (variables, origin) => {
  expect(originOf(variables)).toBe(origin);
});
