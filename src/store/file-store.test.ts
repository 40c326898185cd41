import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FileStore } from './file-store.ts';
import type { StoredChange, StoredState } from './store.ts';
import { type Call, Disk, systemError } from './testing/disk.ts';
import { contents, dump, EMPTY, put, remove, replayed } from './testing/rules.ts';

const RULES = '/state/rules.json';
const JOURNAL = '/state/rules.journal';

/** A store that is used as the engine does: it knows the lists after each change. */
class Subject {
  readonly store: FileStore;
  state: StoredState;

  constructor(disk: Disk, limits: { largeChange?: number; journalBytes?: number } = {}) {
    this.store = new FileStore({ rulesFile: RULES, journalFile: JOURNAL, files: disk, now: () => 0, ...limits });
    this.state = contents(this.store);
  }

  commit(...changes: StoredChange[]): void {
    const after = replayed(this.state, changes);
    this.store.commit(changes, () => after);
    this.state = after;
  }
}

function stored(disk: Disk): string[] {
  return dump(contents(new FileStore({ rulesFile: RULES, journalFile: JOURNAL, files: disk })));
}

function failing(disk: Disk, ...calls: Call[]): void {
  disk.fault = (call) => {
    if (calls.includes(call)) throw systemError('ENOSPC');
  };
}

const full = expect.objectContaining({
  code: 'STORE_WRITE_FAILED',
  message: 'the change could not be stored: no space left on the device',
  hint: 'Check free space and permissions of /state.',
});
const damage = (message: RegExp) =>
  expect.objectContaining({ code: 'STORE_DAMAGED', message: expect.stringMatching(message) });

const many = (count: number, first = 0) =>
  put(
    'deny',
    Array.from({ length: count }, (_, i) => `10.0.${(first + i) >> 8}.${(first + i) & 255}`),
  );

describe('FileStore', () => {
  it('begins empty and writes nothing until something is committed', () => {
    const disk = new Disk();
    expect(new Subject(disk).state).toEqual(EMPTY);
    expect(disk.calls).toBe(0);
  });

  it('writes a single change as one durable journal record', () => {
    const disk = new Disk();
    const subject = new Subject(disk);
    subject.commit(many(1));
    const before = disk.calls;
    subject.commit(put('allow', ['192.0.2.1']));
    expect(disk.names.has(RULES)).toBe(false);
    expect(stored(disk.afterPowerFailure(() => 0))).toEqual(dump(subject.state));
    // makeDirectory, fsync, and what it takes to write one line.
    expect(disk.calls - before).toBeLessThan(12);
  });

  it('writes a large change as a snapshot, which the journal then continues', () => {
    const disk = new Disk();
    const subject = new Subject(disk, { largeChange: 10 });
    subject.commit(many(11));
    expect(JSON.parse(disk.text(RULES)).generation).toBe(1);
    subject.commit(remove('deny', '10.0.0.3'));
    subject.commit(many(12, 100));
    expect(JSON.parse(disk.text(RULES)).generation).toBe(2);
    expect(JSON.parse(disk.text(`${RULES}.previous`)).generation).toBe(1);
    expect(stored(disk)).toEqual(dump(subject.state));
  });

  it('compacts a journal that has grown', () => {
    const disk = new Disk();
    const subject = new Subject(disk, { journalBytes: 1000 });
    for (let i = 0; i < 50; i++) subject.commit(many(1, i));
    expect(disk.read(JOURNAL)!.length).toBeLessThan(1500);
    expect(JSON.parse(disk.text(RULES)).generation).toBeGreaterThan(5);
    expect(stored(disk)).toEqual(dump(subject.state));
  });

  it('goes on with the journal when compaction fails', () => {
    const disk = new Disk();
    const subject = new Subject(disk, { journalBytes: 600 });
    subject.commit(many(1));
    subject.commit(many(1, 1));
    disk.fault = (call) => {
      if (call === 'create') throw systemError('ENOSPC');
    };
    for (let i = 2; i < 9; i++) subject.commit(many(1, i));
    expect(disk.names.has(RULES)).toBe(false);
    expect(stored(disk)).toEqual(dump(subject.state));
    disk.fault = () => {};
    for (let i = 9; i < 40; i++) subject.commit(many(1, i));
    expect(disk.names.has(RULES)).toBe(true);
    expect(stored(disk)).toEqual(dump(subject.state));
  });

  it.each(['create', 'open', 'write', 'fsync', 'rename', 'fsyncDirectory', 'makeDirectory'] as const)(
    'refuses single and large changes while %s fails, and loses nothing',
    (call) => {
      const disk = new Disk();
      const subject = new Subject(disk, { largeChange: 10 });
      subject.commit(many(11));
      subject.commit(many(1, 50));
      subject.store.close();
      const before = dump(subject.state);
      failing(disk, call);
      // A snapshot is never opened again, a journal never renamed: those calls concern only the other one.
      if (call !== 'open') expect(() => subject.commit(many(20, 100))).toThrow(full);
      expect(stored(disk.afterKill())).toEqual(before);
      if (call !== 'create' && call !== 'rename' && call !== 'fsyncDirectory') {
        expect(() => subject.commit(many(1, 200))).toThrow(full);
        expect(stored(disk.afterKill())).toEqual(before);
      }
      disk.fault = () => {};
      subject.commit(many(1, 300));
      subject.commit(many(20, 400));
      expect(stored(disk.afterPowerFailure(() => 0))).toEqual(dump(subject.state));
    },
  );

  it('counts a snapshot as committed although the new journal cannot be made, and makes it later', () => {
    const disk = new Disk();
    const subject = new Subject(disk, { largeChange: 10 });
    subject.commit(many(1));
    disk.fault = (call) => {
      if (call === 'create' && disk.names.has(RULES)) throw systemError('ENOSPC');
    };
    subject.commit(many(20));
    expect(stored(disk.afterPowerFailure(() => 0))).toEqual(dump(subject.state));
    expect(() => subject.commit(many(1, 99))).toThrow(full);
    expect(stored(disk)).toEqual(dump(subject.state));
    disk.fault = () => {};
    subject.commit(many(1, 99));
    expect(stored(disk)).toEqual(dump(subject.state));
  });

  it('never takes missing or mismatched files for an empty list', () => {
    const disk = new Disk();
    const subject = new Subject(disk, { largeChange: 1 });
    subject.commit(many(2));
    const older = disk.read(RULES)!;
    subject.commit(many(3));
    subject.commit(many(1, 9));
    const lost = disk.afterKill();
    lost.names.delete(RULES);
    expect(() => stored(lost)).toThrow(damage(/rules\.json is missing, but .*rules\.journal continues it/));
    const restored = disk.afterKill();
    restored.put(RULES, older);
    expect(() => stored(restored)).toThrow(damage(/rules\.json is older than .*rules\.journal/));
  });

  it('starts with a snapshot alone, and ignores a journal that is older than it', () => {
    const disk = new Disk();
    const subject = new Subject(disk, { largeChange: 1 });
    subject.commit(many(1));
    const old = disk.read(JOURNAL)!;
    subject.commit(many(5));
    const state = dump(subject.state);
    disk.put(JOURNAL, old);
    expect(stored(disk)).toEqual(state);
    disk.names.delete(JOURNAL);
    expect(stored(disk)).toEqual(state);
    const again = new Subject(disk);
    again.commit(remove('deny', '10.0.0.0'));
    expect(stored(disk)).toEqual(dump(again.state));
  });

  it('warns of a record that was cut off, once', () => {
    const disk = new Disk();
    const subject = new Subject(disk);
    subject.commit(many(1));
    subject.commit(many(1, 1));
    disk.put(JOURNAL, disk.read(JOURNAL)!.subarray(0, -3));
    const store = new FileStore({ rulesFile: RULES, journalFile: JOURNAL, files: disk });
    expect(store.load().warnings).toEqual([expect.stringContaining('was cut off while it was written')]);
    store.commit([many(1, 2)], () => EMPTY);
    expect(new FileStore({ rulesFile: RULES, journalFile: JOURNAL, files: disk }).load().warnings).toEqual([]);
  });

  it('gives a file changed by hand a checksum with the next change', () => {
    const disk = new Disk();
    const subject = new Subject(disk, { largeChange: 1 });
    subject.commit(many(3));
    const edited = { ...JSON.parse(disk.text(RULES)), sha256: 'edited' };
    edited.groups[0].entries = ['10.9.9.9'];
    disk.put(RULES, JSON.stringify(edited, null, 2));
    const again = new Subject(disk);
    again.commit(many(1, 7));
    expect(JSON.parse(disk.text(RULES)).sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(stored(disk)).toEqual(dump(again.state));
    expect(stored(disk).map((line) => line.split(' ')[1])).toEqual(['10.0.0.7', '10.9.9.9']);
  });

  it('says why a file cannot be read', () => {
    const disk = new Disk();
    disk.read = () => {
      throw systemError('EACCES');
    };
    expect(() => new Subject(disk)).toThrow(
      expect.objectContaining({ code: 'FILE_UNREADABLE', message: `${RULES} cannot be read: permission denied` }),
    );
  });

  it('works on a real file system, for root only', () => {
    const directory = mkdtempSync(join(tmpdir(), 'netxfw-store-'));
    try {
      const state = join(directory, 'state');
      const options = {
        rulesFile: join(state, 'rules.json'),
        journalFile: join(state, 'rules.journal'),
        largeChange: 5,
      };
      const store = new FileStore(options);
      store.load();
      const first = [many(6)];
      store.commit(first, () => replayed(EMPTY, first));
      const second = [remove('deny', '10.0.0.1'), put('allow', ['2001:db8::1'])];
      store.commit(second, () => EMPTY);
      store.close();
      expect(dump(contents(new FileStore(options)))).toEqual(dump(replayed(EMPTY, [...first, ...second])));
      expect(readdirSync(state).sort()).toEqual(['rules.journal', 'rules.json']);
      for (const name of ['rules.json', 'rules.journal']) expect(statSync(join(state, name)).mode & 0o777).toBe(0o600);
      expect(statSync(state).mode & 0o777).toBe(0o700);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
