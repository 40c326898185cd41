import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parsePrefix } from '../model/prefixes.ts';
import { ProtectedAddresses, sessionHosts } from './protected.ts';

const SESSION = '# This is private data. Do not parse.\nUID=0\nUSER=root\nACTIVE=1\nSTATE=active\nREMOTE=1\n';

it('protects from where somebody is logged in, and not from where somebody only connects', () => {
  const directory = mkdtempSync(join(tmpdir(), 'nxt-sessions-'));
  try {
    writeFileSync(join(directory, '3'), `${SESSION}REMOTE_HOST=203.0.113.7\nSERVICE=sshd\n`);
    writeFileSync(join(directory, '4'), `${SESSION}REMOTE_HOST=2001:db8::7\n`);
    writeFileSync(join(directory, '5'), `${SESSION.replace('active', 'closing')}REMOTE_HOST=203.0.113.8\n`);
    writeFileSync(join(directory, '6'), SESSION);
    writeFileSync(join(directory, '7'), `${SESSION}REMOTE_HOST=a.name.example\n`);
    expect(sessionHosts(directory).sort()).toEqual(['2001:db8::7', '203.0.113.7', 'a.name.example']);
    const nobody = () => [];
    const facts = { own: nobody, gateways: nobody, nameServers: nobody, sessions: () => sessionHosts(directory) };
    const protect = new ProtectedAddresses(facts);
    const reason = (text: string) => protect.reason(parsePrefix(text).prefix);
    expect(reason('203.0.113.7')).toContain('logged in');
    expect(reason('203.0.113.8')).toBeUndefined();
    expect(protect.inside(parsePrefix('2001:db8::/32').prefix)).toBe(true);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

it('knows of nobody where there is no such directory', () => {
  expect(sessionHosts('/nowhere')).toEqual([]);
});
