import { describe, expect, it } from 'vitest';
import type { PolicyRecords } from '../model/policy-records.ts';
import { parsePorts } from '../model/ports.ts';
import { PrefixList } from '../model/prefix-list.ts';
import { parsePrefix } from '../model/prefixes.ts';
import { readSnapshot, writeSnapshot } from './rules-file.ts';
import type { Lists, StoredState } from './store.ts';
import { Disk, systemError } from './testing/disk.ts';
import { dump, EMPTY, group } from './testing/rules.ts';

const FILE = '/state/rules.json';
const NOW = Date.parse('2026-01-02T03:04:05.678Z');

const LISTS: Lists = {
  allow: [group(['192.0.2.1', '2001:db8::/32', '::', '0.0.0.0/0'], { reason: 'mine "\\ \u00e4\u4e2d' })],
  deny: [
    group(['198.51.100.0/24', '203.0.113.7', '255.255.255.255'], { source: 'import' }),
    group(['2001:db8:1:2:3:4:5:6', '::/0'], { expiresAt: NOW + 1234 }),
  ],
};

const POLICY: PolicyRecords = {
  limits: [{ prefix: parsePrefix('0.0.0.0/0').prefix, rate: 1000, burst: 2000, createdAt: NOW }],
  ports: [
    { ...parsePorts('443/tcp'), createdAt: NOW },
    { ...parsePorts('8080-8090'), createdAt: NOW },
  ],
  ipPortRules: [
    {
      ...parsePorts('5432/tcp'),
      prefix: parsePrefix('2001:db8::/32').prefix,
      action: 'allow',
      reason: 'the "office"',
      createdAt: NOW,
    },
  ],
};

const STATE: StoredState = { lists: LISTS, policy: POLICY };

function written(state: StoredState = STATE, generation = 7): Disk {
  const disk = new Disk();
  writeSnapshot(disk, FILE, state, generation, NOW);
  return disk;
}

const damage = expect.objectContaining({ code: 'STORE_DAMAGED' });

describe('rules.json', () => {
  it('reads back what was written', () => {
    const snapshot = readSnapshot(written(), FILE)!;
    expect(snapshot).toMatchObject({ generation: 7, edited: false });
    expect(dump(snapshot)).toEqual(dump(STATE));
    expect(readSnapshot(written(EMPTY), FILE)).toMatchObject(EMPTY);
  });

  it('is JSON that a person can read: groups with their metadata, one entry a line', () => {
    const text = written().text(FILE);
    expect(JSON.parse(text)).toMatchObject({
      format: 'netxfw-rules',
      version: 2,
      generation: 7,
      saved: '2026-01-02T03:04:05.678Z',
      groups: [
        { list: 'allow', source: 'user', entries: ['192.0.2.1', '0.0.0.0/0', '2001:db8::/32', '::'] },
        { list: 'deny', expires: null, entries: ['198.51.100.0/24', '203.0.113.7', '255.255.255.255'] },
        { list: 'deny', expires: '2026-01-02T03:04:06.912Z', entries: ['2001:db8:1:2:3:4:5:6', '::/0'] },
      ],
      limits: [{ prefix: '0.0.0.0/0', rate: 1000, burst: 2000, created: '2026-01-02T03:04:05.678Z' }],
      ports: [{ ports: '443/tcp' }, { ports: '8080-8090' }],
      ip_port_rules: [{ prefix: '2001:db8::/32', ports: '5432/tcp', action: 'allow', reason: 'the "office"' }],
    });
    expect(text.split('\n')).toContain('"203.0.113.7",');
    expect(text.split('\n')).toContain('{"ports":"443/tcp","created":"2026-01-02T03:04:05.678Z"},');
  });

  it('crosses the bounds of chunks unharmed', () => {
    const prefixes = new PrefixList();
    for (let i = 0; i < 100_000; i++) prefixes.push4((i * 2_654_435_761) >>> 0, 32);
    for (let i = 0; i < 20_000; i++) prefixes.push6(0x20010db8, i, 0, i, 128);
    const state = { ...STATE, lists: { allow: [], deny: [{ prefixes, meta: LISTS.deny[0]!.meta }] } };
    const snapshot = readSnapshot(written(state), FILE)!;
    // Compared as one text: a difference of lists this long takes minutes to print.
    expect(dump(snapshot).join() === dump(state).join()).toBe(true);
  });

  it('is refused when cut anywhere, with one copy for the same damage', () => {
    const bytes = written().read(FILE)!;
    for (let length = 0; length < bytes.length; length++) {
      const disk = new Disk();
      disk.put(FILE, bytes.subarray(0, length));
      expect(() => readSnapshot(disk, FILE), `cut at ${length}`).toThrow(damage);
      expect(() => readSnapshot(disk, FILE)).toThrow(damage);
      const copies = [...disk.names.keys()].filter((name) => name !== FILE);
      expect(copies).toEqual([expect.stringMatching(/^\/state\/rules\.json\.damaged-[0-9a-f]{12}$/)]);
      expect(disk.read(copies[0]!)).toEqual(bytes.subarray(0, length));
    }
  });

  it('is refused when any bit is flipped', () => {
    const bytes = written().read(FILE)!;
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Buffer.from(bytes);
      flipped[at]! ^= 1 << (at % 8);
      const disk = new Disk();
      disk.put(FILE, flipped);
      expect(() => readSnapshot(disk, FILE), `flipped byte ${at}`).toThrow(damage);
    }
  });

  it('names the copy and the next step', () => {
    const disk = written();
    disk.put(FILE, disk.text(FILE).replace('203.0.113.7', '203.0.113.8'));
    expect(() => readSnapshot(disk, FILE)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(
          /^\/state\/rules\.json is damaged: its checksum .* a copy is kept as \/state\/rules/,
        ),
        hint: expect.stringContaining('set its "sha256" to "edited"'),
      }),
    );
  });

  it('is refused also when no copy can be made', () => {
    const disk = written();
    disk.put(FILE, 'x');
    disk.fault = () => {
      throw systemError('EROFS');
    };
    expect(() => readSnapshot(disk, FILE)).toThrow(/no copy could be made/);
  });

  it('takes a change by hand whose writer says so, in any layout', () => {
    const disk = written();
    const document = JSON.parse(disk.text(FILE));
    document.sha256 = 'edited';
    document.groups[1].entries.push('203.0.113.8');
    disk.put(FILE, JSON.stringify(document, null, 4));
    const snapshot = readSnapshot(disk, FILE)!;
    expect(snapshot).toMatchObject({ edited: true, generation: 7 });
    expect(dump(snapshot)).toHaveLength(dump(STATE).length + 1);
  });

  it.each([
    ['a group without a list', { list: 'block' }, 'groups[1]: "list" must be allow or deny'],
    ['an entry that is no address', { entries: ['1.2.3'] }, 'groups[1]: "1.2.3" is not an IP address or network'],
    ['entries that are no list', { entries: 'x' }, 'groups[1]: "entries" must be a list of addresses'],
    ['a time that is none', { created: 'now' }, 'groups[1]: "created" must be an ISO 8601 time'],
  ])('says what is wrong with %s after a change by hand', (_, change, message) => {
    const disk = written();
    const document = JSON.parse(disk.text(FILE));
    document.sha256 = 'edited';
    Object.assign(document.groups[1], change);
    disk.put(FILE, JSON.stringify(document));
    expect(() => readSnapshot(disk, FILE)).toThrow(
      expect.objectContaining({ code: 'STORE_DAMAGED', message: expect.stringContaining(message) }),
    );
  });

  it('refuses the file of a newer version', () => {
    const disk = written();
    const document = { ...JSON.parse(disk.text(FILE)), version: 3, sha256: 'edited' };
    disk.put(FILE, JSON.stringify(document));
    expect(() => readSnapshot(disk, FILE)).toThrow(/version 3 was written by a newer netxfw/);
  });
});
