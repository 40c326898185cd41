import { appendFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SourcesDocument } from '../../src/cli/documents-observe.ts';
import { Instance, NETXFW } from '../support/instance.ts';
import { BAD4, BAD6, FW4, GOOD4, Lab } from '../support/lab.ts';
import { type Background, until } from '../support/process.ts';
import { arrivals, framesFrom } from '../support/traffic.ts';

const lab = Lab.create();
const netxfw = new Instance(lab);
const home = join(lab.directory, 'fail2ban');
const log = join(home, 'auth.log');
const socket = join(home, 'socket');
let fail2ban: Background;

const everything = [...framesFrom(BAD4), ...framesFrom(BAD6), ...framesFrom(GOOD4)];
const ALL = everything.map(({ name }) => name);
const without = (...sources: string[]) => {
  const gone = new Set(sources.flatMap((source) => framesFrom(source).map(({ name }) => name)));
  return ALL.filter((name) => !gone.has(name));
};

/** Debian's configuration with our action and one jail on a log of ours. */
function configure(): void {
  mkdirSync(home, { recursive: true });
  cpSync('/etc/fail2ban', home, { recursive: true });
  cpSync(
    join(import.meta.dirname, '../../packaging/fail2ban/action.d/netxfw.conf'),
    join(home, 'action.d/netxfw.conf'),
  );
  writeFileSync(log, '');
  const jail = (name: string, maxretry: number) =>
    `[${name}]\nenabled = true\nfilter = sshd\nbackend = polling\nlogpath = ${log}\nmaxretry = ${maxretry}\nfindtime = 10m\nbantime = 10m\nbanaction = netxfw\n` +
    `action = netxfw[name=${name}, netxfw="${NETXFW} -c ${netxfw.configFile}"]\n`;
  writeFileSync(join(home, 'jail.d/defaults-debian.conf'), '');
  writeFileSync(
    join(home, 'jail.local'),
    `[DEFAULT]\nignoreself = false\nusedns = no\n${jail('ssh-a', 3)}${jail('ssh-b', 6)}`,
  );
  const local = `[Definition]\nlogtarget = ${join(home, 'log')}\nsocket = ${socket}\npidfile = ${join(home, 'pid')}\ndbfile = ${join(home, 'db')}\n`;
  writeFileSync(join(home, 'fail2ban.local'), local);
}

/** Connects from an address, writes, waits for a file, and writes again. */
const CLIENT = `
import os, socket, sys, time
one = socket.create_connection((sys.argv[2], 7000), source_address=(sys.argv[1], 0))
one.sendall(b'before\\n')
while not os.path.exists(sys.argv[3]):
    time.sleep(0.02)
one.sendall(b'after\\n')
time.sleep(60)
`;

const client = (...args: string[]) => lab.fw.must(['fail2ban-client', '-c', home, '-s', socket, ...args]);
const sources = async () =>
  (await netxfw.json<SourcesDocument>(['source', 'list'])).sources.map(({ source, entries }) => `${source} ${entries}`);

function fail(address: string, times: number): void {
  const now = new Date();
  const stamp = `${now.toDateString().slice(4, 7)} ${String(now.getDate()).padStart(2)} ${now.toTimeString().slice(0, 8)}`;
  for (let i = 0; i < times; i++) {
    appendFileSync(
      log,
      `${stamp} fw sshd[${4000 + i}]: Failed password for root from ${address} port ${40_000 + i} ssh2\n`,
    );
  }
}

beforeAll(async () => {
  await netxfw.start();
  configure();
  fail2ban = lab.fw.start(['fail2ban-server', '-f', '-c', home, '-s', socket, '-p', join(home, 'pid'), 'start']);
  await until('fail2ban to answer', async () => {
    if (fail2ban.status !== undefined) throw new Error(`fail2ban ended: ${fail2ban.stdout}${fail2ban.stderr}`);
    return (await lab.fw.run(['fail2ban-client', '-c', home, '-s', socket, 'ping'])).status === 0;
  });
});
afterAll(async () => {
  await fail2ban?.stop('SIGTERM');
  await netxfw.stop();
  lab.dispose();
});

it('bans from a real log: the packets are dropped, and an open connection ends', async () => {
  const server = lab.fw.start(['nc', '-l', '-k', FW4, '7000']);
  await until(
    'the server',
    async () => (await lab.fw.run(['sh', '-c', 'ss -Htln sport = :7000 | grep -q .'])).status === 0,
  );
  const open = lab.peer.start(['python3', '-c', CLIENT, BAD4, FW4, join(home, 'go')]);
  await until('the connection', () => server.stdout.includes('before'));

  fail(BAD4, 3);
  await until('the ban', async () => (await sources()).includes('fail2ban:ssh-a 1'));
  expect((await netxfw.rules()).map(({ prefix, reason }) => `${prefix} ${reason}`)).toEqual([`${BAD4} fail2ban ssh-a`]);
  expect(await arrivals(lab, everything)).toEqual(without(BAD4));

  writeFileSync(join(home, 'go'), '');
  await until('the data to be sent, in vain', async () => {
    const { stdout } = await lab.peer.run(['sh', '-c', 'ss -Htno dport = :7000']);
    // Unacknowledged: the retransmission timer runs.
    return stdout.includes('timer:(on');
  });
  expect(server.stdout).not.toContain('after');
  await open.stop('SIGKILL');
  await server.stop('SIGKILL');
});

it('keeps an address that two jails ban until both let it go', async () => {
  fail(BAD4, 6);
  await until('the second ban', async () => (await sources()).includes('fail2ban:ssh-b 1'));
  await client('set', 'ssh-a', 'unbanip', BAD4);
  await until('the first unban', async () => !(await sources()).some((one) => one.startsWith('fail2ban:ssh-a')));
  expect(await arrivals(lab, everything)).toEqual(without(BAD4));
  await client('set', 'ssh-b', 'unbanip', BAD4);
  await until('the second unban', async () => (await netxfw.rules()).length === 0);
  expect(await arrivals(lab, everything)).toEqual(ALL);
});

it('bans the /64 of an IPv6 address, and lifts it', async () => {
  await client('set', 'ssh-a', 'banip', BAD6);
  await until('the ban', async () => (await netxfw.prefixes()).includes('2001:db8::/64'));
  expect(await arrivals(lab, everything)).toEqual(without(BAD6));
  await client('set', 'ssh-a', 'unbanip', BAD6);
  await until('the unban', async () => (await netxfw.rules()).length === 0);
  expect(await arrivals(lab, everything)).toEqual(ALL);
});

it('leaves what a person denied when fail2ban stops, and takes its own bans back', async () => {
  await netxfw.ok(['deny', GOOD4]);
  await client('set', 'ssh-a', 'banip', GOOD4);
  await client('set', 'ssh-a', 'banip', BAD4);
  await until('the bans', async () => (await sources()).includes('fail2ban:ssh-a 2'));
  await client('stop', 'ssh-a');
  await until('the bans to go', async () => (await netxfw.rules()).length === 1);
  expect(await netxfw.rules()).toMatchObject([{ prefix: GOOD4, source: 'user' }]);
  await netxfw.ok(['del', GOOD4]);
});
