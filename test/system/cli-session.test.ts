import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RulesDocument } from '../../src/cli/documents.ts';
import type { EventDocument, ExplainDocument, FlowsDocument, StatusDocument } from '../../src/cli/documents-observe.ts';
import { Instance } from '../support/instance.ts';
import { BAD4, BAD6, FW4, FW6, GOOD4, Lab } from '../support/lab.ts';
import { eth, ipv4, ipv6, packet, payload, tcp, udp } from '../support/packet.ts';
import type { Background } from '../support/process.ts';
import { runSync, until } from '../support/process.ts';
import { arrivals, type NamedFrame } from '../support/traffic.ts';

/** One operator's session, step by step, on a real daemon: what each command says, and what packets make of it. */
const lab = Lab.create();
const netxfw = new Instance(lab);
beforeAll(() => netxfw.start());
afterAll(async () => {
  await netxfw.stop();
  await netxfw.ok(['system', 'unload']);
  lab.dispose();
});

const SSH_FROM_BAD = { SSH_CONNECTION: `${BAD4} 50000 ${FW4} 22` };

function frame(source: string, port: number, protocol: 'tcp' | 'udp' = 'tcp'): NamedFrame {
  const six = source.includes(':');
  const ip = six ? ipv6({ src: source, dst: FW6 }) : ipv4({ src: source, dst: FW4 });
  const layer = protocol === 'tcp' ? tcp({ dport: port, sport: 40000 }) : udp({ dport: port, sport: 40000 });
  return { name: `${source} ${port}/${protocol}`, bytes: packet(eth(), ip, layer, payload(8)) };
}

const passes = async (source: string, port: number, protocol?: 'tcp' | 'udp'): Promise<boolean> =>
  (await arrivals(lab, [frame(source, port, protocol)])).length === 1;

/** Sends until a command that waits for packets has seen enough. */
async function sendUntilEnds(waiting: Background, frames: readonly NamedFrame[]): Promise<number> {
  await until('the command to end', async () => {
    if (waiting.status === undefined) await arrivals(lab, frames);
    return waiting.status !== undefined;
  });
  return waiting.exited;
}

it('denies and allows ports of sources', async () => {
  expect(await netxfw.ok(['deny', `${BAD4}:7000/tcp`, `[${BAD6}]:7000`])).toBe(
    `denied ${BAD4}:7000/tcp\ndenied [${BAD6}]:7000\n`,
  );
  expect(await passes(BAD4, 7000)).toBe(false);
  expect(await passes(BAD4, 7000, 'udp')).toBe(true);
  expect(await passes(BAD4, 7001)).toBe(true);
  expect(await passes(GOOD4, 7000)).toBe(true);
  expect(await passes(BAD6, 7000, 'udp')).toBe(false);
  expect(await netxfw.ok(['deny', 'port', 'list'])).toContain(BAD6);
  const { status, stderr } = await netxfw.nx(['allow', 'del', `${BAD4}:7000/tcp`]);
  expect({ status, stderr }).toMatchObject({ status: 3, stderr: expect.stringContaining('netxfw deny del') });
  await netxfw.ok(['deny', 'del', `${BAD4}:7000/tcp`]);
  await netxfw.ok(['unblock', `[${BAD6}]:7000`]);
  expect(await passes(BAD4, 7000)).toBe(true);
  expect(await passes(BAD6, 7000, 'udp')).toBe(true);
});

it('opens ports under default deny', async () => {
  expect(await netxfw.ok(['security', 'default-deny'])).toBe('default-deny is off\n');
  const listener = lab.fw.start(['nc', '-l', '-k', FW4, '7100']);
  await until('the listener', () => lab.fw.runSync(['ss', '-Hltn', 'sport = :7100']).stdout !== '');
  expect(await netxfw.ok(['port', 'suggest'])).toContain('7100/tcp');
  await netxfw.ok(['security', 'default-deny', 'on']);
  expect(await netxfw.ok(['security', 'default-deny'])).toBe('default-deny is on\n');
  expect(readFileSync(netxfw.configFile, 'utf8')).toContain('default_deny: true');
  expect(await passes(GOOD4, 7100)).toBe(false);
  expect(await passes(GOOD4, 22)).toBe(true);
  await netxfw.ok(['port', 'add', '7100/tcp', '8000-8010']);
  await listener.stop();
  expect(await passes(GOOD4, 7100)).toBe(true);
  expect(await passes(GOOD4, 8010, 'udp')).toBe(true);
  expect(await passes(GOOD4, 8011, 'udp')).toBe(false);
  expect(await netxfw.ok(['port', 'list'])).toContain('8000-8010');
  await netxfw.ok(['port', 'del', '8000-8010']);
  expect(await passes(GOOD4, 8010, 'udp')).toBe(false);
});

it('says what becomes of a packet, and it does', async () => {
  const explain = async (...args: string[]) => (await netxfw.json<ExplainDocument>(['explain', ...args])).explain;
  expect(await explain(GOOD4, FW4, '--dport', '7100')).toMatchObject({ verdict: 'pass', reason: 'PASS_PORT' });
  expect(await explain(GOOD4, FW4, '--dport', '7101')).toMatchObject({ verdict: 'drop', reason: 'DROP_DEFAULT' });
  await netxfw.ok(['deny', '198.51.100.64/28', '--reason', 'bad neighbours', '--ttl', '1h']);
  expect(await explain(BAD4, FW4, '--dport', '7100')).toMatchObject({
    verdict: 'drop',
    reason: 'DROP_DENIED_NETWORK',
    entry: { key: '198.51.100.64/28', reason: 'bad neighbours' },
  });
  expect(await passes(BAD4, 7100)).toBe(false);
});

it('shows dropped packets live, as lines, JSON and pcapng that tcpdump reads', async () => {
  const frames = [frame(BAD4, 7100), frame(BAD4, 5353, 'udp'), frame(GOOD4, 7100)];
  const tail = (...args: string[]) =>
    netxfw.at.start([
      join(import.meta.dirname, '../../bin/netxfw'),
      '-c',
      netxfw.configFile,
      'events',
      'tail',
      ...args,
    ]);
  const file = join(lab.directory, 'drops.pcapng');

  const lines = tail('--count', '2', '--source', BAD4);
  expect(await sendUntilEnds(lines, frames)).toBe(0);
  expect(lines.stdout).toMatch(new RegExp(`drop .*denied_network .*${BAD4}:40000 > ${FW4}:7100  tcp S`));

  const json = tail('--count', '1', '--json', '--reason', 'denied-network', '--port', '5353');
  expect(await sendUntilEnds(json, frames)).toBe(0);
  const { event } = JSON.parse(json.stdout) as EventDocument;
  expect(event).toMatchObject({ reason: 'DROP_DENIED_NETWORK', source: BAD4, destinationPort: 5353, protocol: 17 });

  const endless = tail();
  await until('a line', async () => {
    if (endless.stdout === '') await arrivals(lab, frames);
    return endless.stdout !== '';
  });
  expect(await endless.stop('SIGINT')).toBe(0);
  expect(endless.stderr).toBe('');

  const capture = tail('--count', '4', '--pcap', file);
  expect(await sendUntilEnds(capture, frames)).toBe(0);
  expect(capture.stdout).toBe(`4 packets in ${file}\n`);
  const { stdout, status } = runSync(['tcpdump', '-n', '-r', file]);
  const read = stdout.split('\n').filter((line) => line !== '');
  expect({ status, count: read.length }).toEqual({ status: 0, count: 4 });
  for (const line of read) expect(line).toContain(`IP ${BAD4}.40000 > ${FW4}.`);
  expect(readFileSync(file, 'latin1')).toContain('DROP_DENIED_NETWORK: the source network is denied');

  const { topSources, drops } = await netxfw.json<StatusDocument>(['status']);
  expect(topSources?.[0]).toMatchObject({ key: BAD4 });
  expect(drops?.map(({ reason }) => reason)).toContain('DROP_DENIED_NETWORK');
  expect(await netxfw.ok(['events', 'top'])).toContain(BAD4);
});

it('lists and forgets tracked connections', async () => {
  lab.fw.runSync(['nc', '-u', '-w', '1', '-s', FW4, GOOD4, '9999'], { input: 'hello' });
  const flows = async () =>
    (await netxfw.json<FlowsDocument>(['conntrack', 'list', '--destination', GOOD4, '--port', '9999'])).flows;
  await until('the flow to be tracked', async () => (await flows()).length > 0);
  expect((await flows())[0]).toMatchObject({ protocol: 'udp', source: FW4, destinationPort: 9999 });
  expect(await netxfw.ok(['conntrack', 'count'])).toMatch(/^\d+ of 100,000 connections/);
  await netxfw.ok(['conntrack', 'flush', '--destination', GOOD4]);
  expect(await flows()).toEqual([]);
});

it('limits a source, and counts what it dropped', async () => {
  await netxfw.ok(['limit', 'add', `${GOOD4}`, '1', '3']);
  const many = Array.from({ length: 40 }, () => frame(GOOD4, 7100));
  expect((await arrivals(lab, many)).length).toBeLessThan(40);
  expect(await netxfw.ok(['limit', 'list'])).toMatch(new RegExp(`${GOOD4} +1 +3 +[1-9]`));
  await netxfw.ok(['limit', 'del', GOOD4]);
  expect((await arrivals(lab, many)).length).toBe(40);
});

it('does not let its caller lock himself out, unless he insists', async () => {
  await netxfw.ok(['rule', 'clear', 'deny']);
  const refused = await netxfw.nx(['deny', '198.51.100.64/28'], { env: SSH_FROM_BAD });
  expect({ ...refused, stderr: '' }).toMatchObject({ status: 6, stdout: '' });
  expect(refused.stderr).toContain('--accept-risk=lockout');
  expect(await passes(BAD4, 22)).toBe(true);
  await netxfw.ok(['deny', '198.51.100.64/28', '--accept-risk=lockout'], { env: SSH_FROM_BAD });
  expect(await passes(BAD4, 22)).toBe(false);
  await netxfw.ok(['deny', 'del', '198.51.100.64/28']);
});

it('undoes what nobody confirms, and keeps what somebody does', async () => {
  const tried = await netxfw.nx(['deny', BAD4, '--confirm', '2s']);
  expect(tried.stderr).toContain('netxfw confirm');
  expect(await passes(BAD4, 22)).toBe(false);
  await until('the change to be undone', () => passes(BAD4, 22));
  await netxfw.ok(['deny', BAD4, '--confirm', '1h']);
  expect((await netxfw.json<StatusDocument>(['status'])).pending).not.toBeNull();
  expect(await netxfw.ok(['confirm'])).toContain(BAD4);
  expect((await netxfw.json<StatusDocument>(['status'])).pending).toBeNull();
  await netxfw.ok(['unblock', BAD4]);
  await netxfw.ok(['deny', BAD4, '--confirm', '1h']);
  await netxfw.ok(['confirm', '--undo']);
  expect(await passes(BAD4, 22)).toBe(true);
});

it('reloads an edited file, and nothing of a broken one', async () => {
  const before = readFileSync(netxfw.configFile, 'utf8');
  writeFileSync(netxfw.configFile, before.replace('default_deny: true', 'default_deny: nearly'));
  for (const command of [['test'], ['reload']]) {
    const { status, stderr } = await netxfw.nx(command);
    expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining('base.default_deny') });
  }
  expect(await passes(GOOD4, 7101)).toBe(false);
  writeFileSync(netxfw.configFile, before.replace('default_deny: true', 'default_deny: false'));
  expect(await netxfw.ok(['test'])).toContain('a reload would be incremental: base.default_deny: true -> false');
  expect(await netxfw.ok(['reload'])).toContain('base.default_deny: true -> false');
  expect(await passes(GOOD4, 7101)).toBe(true);
});

it('saves everything into one file and brings it back', async () => {
  const file = join(lab.directory, 'backup.bin.zst');
  await netxfw.ok(['deny', BAD4, BAD6, '--reason', 'saved']);
  await netxfw.ok(['deny', `${GOOD4}:7200`]);
  await netxfw.ok(['limit', 'add', '203.0.113.0/24', '10']);
  await netxfw.ok(['rule', 'export', '-o', file]);
  expect(statSync(file).size).toBeLessThan(2000);
  expect(await netxfw.ok(['reset'])).toContain('2 rules');
  expect(await passes(BAD4, 22)).toBe(true);
  expect(await passes(GOOD4, 7200)).toBe(true);
  expect(await netxfw.ok(['rule', 'import', 'all', file])).toContain('2 new');
  expect(await passes(BAD4, 22)).toBe(false);
  expect(await passes(BAD6, 22)).toBe(false);
  expect(await passes(GOOD4, 7200)).toBe(false);
  expect((await netxfw.json<RulesDocument>(['rule', 'list', '--search', 'saved'])).total).toBe(2);
  expect(await netxfw.ok(['limit', 'list'])).toContain('203.0.113.0/24');
});

it('measures, and examines itself', async () => {
  expect(await netxfw.ok(['perf', 'show'])).toContain('packets/s');
  expect((await netxfw.ok(['perf', 'traffic', '--count', '2', '--json'])).trim().split('\n')).toHaveLength(2);
  const doctor = await netxfw.nx(['system', 'doctor']);
  expect({ status: doctor.status, stdout: doctor.stdout }).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('nothing is in the way'),
  });
  expect(doctor.stdout).toMatch(/nxf0 +driver veth, attached in native mode/);
  expect(await netxfw.ok(['web'])).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n$/);
});

it('is switched off and on again with its rules', async () => {
  expect(await netxfw.ok(['disable'])).toContain('off on nxf0');
  expect(await netxfw.daemon.exited).toBe(0);
  expect(await passes(BAD4, 22)).toBe(true);
  expect(await netxfw.ok(['enable'])).toContain('nxf0');
  expect(await passes(BAD4, 22)).toBe(false);
  await netxfw.start();
  expect(await netxfw.ok(['system', 'on'])).toContain('on already');
  expect(await netxfw.ok(['system', 'sync', 'to-map'])).toBe('nothing differed\n');
  expect(await netxfw.ok(['system', 'sync', 'to-config'])).toMatch(/copied [1-9]/);
  expect(readFileSync(netxfw.configFile, 'utf8')).toContain('203.0.113.0/24');
});
