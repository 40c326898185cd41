import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FileStore } from './file-store.ts';
import { migrate } from './migrations.ts';
import { Disk } from './testing/disk.ts';
import { contents, dump, put, replayed } from './testing/rules.ts';

describe('migrate', () => {
  const steps = {
    1: (document: Readonly<Record<string, unknown>>) => ({ ...document, two: true }),
    2: (document: Readonly<Record<string, unknown>>) => ({ ...document, three: document.two }),
  };

  it('leaves a document of the current version alone', () => {
    const document = { version: 2, groups: [] };
    expect(migrate(document)).toBe(document);
  });

  it('takes every step in order', () => {
    expect(migrate({ version: 1 }, steps, 3)).toEqual({ version: 3, two: true, three: true });
    expect(migrate({ version: 2 }, steps, 3)).toEqual({ version: 3, three: undefined });
  });

  it.each([
    [null, /not a JSON object/],
    [[], /not a JSON object/],
    [{}, /"version" must be a whole number/],
    [{ version: '1' }, /"version" must be a whole number/],
    [{ version: 0 }, /version 0 is not known/],
    [{ version: 4 }, /newer netxfw; this one reads up to version 3/],
  ])('refuses %j', (document, message) => {
    expect(() => migrate(document, steps, 3)).toThrow(message);
  });
});

describe('files of version 1', () => {
  const fixture = (name: string) => readFileSync(new URL(`testing/fixtures/version-1.${name}`, import.meta.url));
  const open = () => {
    const disk = new Disk();
    disk.put('/state/rules.json', fixture('rules'));
    disk.put('/state/rules.journal', fixture('journal'));
    return disk;
  };
  const store = (disk: Disk) =>
    new FileStore({ rulesFile: '/state/rules.json', journalFile: '/state/rules.journal', files: disk, now: () => 0 });
  const HELD = [
    'allow 198.51.100.7 ["office",1700000000000,null,"user"]',
    'deny 192.0.2.0/24 ["scanner \\"x\\"",1700000000000,null,"user"]',
    'deny 2001:db8::/32 ["scanner \\"x\\"",1700000000000,null,"user"]',
    'deny 203.0.113.5 ["temporary",1700000000000,4000000000000,"import"]',
  ];

  it('are read with their journal', () => {
    expect(dump(contents(store(open())))).toEqual(HELD);
  });

  it('are written anew with the next change, in the present version', () => {
    const disk = open();
    const subject = store(disk);
    const before = contents(subject);
    const change = put('deny', ['192.0.2.77']);
    subject.commit([change], () => replayed(before, [change]));
    expect(JSON.parse(disk.text('/state/rules.json'))).toMatchObject({ version: 2, limits: [] });
    expect(disk.text('/state/rules.journal')).toContain('"version":2');
    expect(disk.text('/state/rules.json.previous')).toBe(fixture('rules').toString());
    expect(dump(contents(store(disk)))).toHaveLength(HELD.length + 1);
  });

  it('are written anew when there is only a journal', () => {
    const disk = new Disk();
    const text = '54 132f037fc611fb14 {"format":"netxfw-journal","version":1,"generation":1}'.replace('1}', '0}');
    const json = text.slice(text.indexOf('{'));
    const checksum = createHash('sha256').update('').update(json).digest('hex').slice(0, 16);
    disk.put('/state/rules.journal', `${Buffer.byteLength(json)} ${checksum} ${json}\n`);
    const subject = store(disk);
    const before = contents(subject);
    const change = put('deny', ['192.0.2.77']);
    subject.commit([change], () => replayed(before, [change]));
    expect(disk.text('/state/rules.journal')).toContain('"version":2');
    expect(dump(contents(store(disk)))).toHaveLength(1);
  });
});
