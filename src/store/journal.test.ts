import { describe, expect, it } from 'vitest';
import { Journal, readJournal } from './journal.ts';
import { Disk, systemError } from './testing/disk.ts';
import { dump, EMPTY, put, remove, replayed } from './testing/rules.ts';

const FILE = '/state/rules.journal';
const NONE = EMPTY;

const CHANGES = [
  [put('deny', ['192.0.2.1', '2001:db8::/32'], { reason: 'caf\u00e9 \u0000\n"' })],
  [remove('deny', '192.0.2.1'), put('allow', ['192.0.2.1'])],
  [put('deny', ['198.51.100.0/24'], { expiresAt: 1_800_000_000_123 })],
];

function written(): Disk {
  const disk = new Disk();
  const journal = new Journal(disk, FILE);
  for (const change of CHANGES) journal.append(change, 3);
  journal.close();
  return disk;
}

/** The lists after each number of changes. */
const STATES = [0, 1, 2, 3].map((count) => dump(replayed(NONE, CHANGES.slice(0, count).flat())));

function stateOf(disk: Disk): string[] {
  return dump(replayed(NONE, readJournal(disk, FILE, 0)!.changes.flat()));
}

const damage = expect.objectContaining({ code: 'STORE_DAMAGED' });

describe('rules.journal', () => {
  it('reads back what was appended', () => {
    const journal = readJournal(written(), FILE, 0)!;
    expect(journal).toMatchObject({ generation: 3, torn: false });
    expect(stateOf(written())).toEqual(STATES[3]);
  });

  it('is made durable with every append', () => {
    const disk = new Disk();
    const journal = new Journal(disk, FILE);
    for (const [i, change] of CHANGES.entries()) {
      journal.append(change, 3);
      expect(stateOf(disk.afterPowerFailure(() => 0))).toEqual(STATES[i + 1]);
    }
    journal.close();
    expect(disk.openFiles).toBe(0);
  });

  it('gives the changes before a cut, or is refused when its head is gone', () => {
    const bytes = written().read(FILE)!;
    const lines = bytes
      .toString('latin1')
      .split('\n')
      .map((line) => line.length + 1);
    const ends = lines.map((_, i) => lines.slice(0, i + 1).reduce((sum, length) => sum + length, 0));
    for (let length = 0; length < bytes.length; length++) {
      const disk = new Disk();
      disk.put(FILE, bytes.subarray(0, length));
      if (length < ends[0]!) expect(() => readJournal(disk, FILE, 0)).toThrow(damage);
      else {
        const whole = ends.filter((end) => end <= length).length - 1;
        expect(stateOf(disk), `cut at ${length}`).toEqual(STATES[whole]);
        expect(readJournal(disk, FILE, 0)!.torn).toBe(!ends.includes(length));
      }
    }
  });

  it('takes a last record of zeros for one that was never written whole', () => {
    const bytes = written().read(FILE)!;
    const start = bytes.lastIndexOf('\n', bytes.length - 2) + 1;
    for (const from of [start, start + 5, start + 40]) {
      const disk = new Disk();
      disk.put(FILE, Buffer.concat([bytes.subarray(0, from), Buffer.alloc(bytes.length - from)]));
      expect(stateOf(disk)).toEqual(STATES[2]);
      disk.put(
        FILE,
        Buffer.concat([bytes.subarray(0, from), Buffer.alloc(bytes.length - from - 1), Buffer.from('\n')]),
      );
      expect(stateOf(disk)).toEqual(STATES[2]);
    }
  });

  it('is refused, or reads exactly as written, when any bit is flipped', () => {
    const bytes = written().read(FILE)!;
    for (let at = 0; at < bytes.length - 1; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const flipped = Buffer.from(bytes);
        flipped[at]! ^= 1 << bit;
        const disk = new Disk();
        disk.put(FILE, flipped);
        expect(() => readJournal(disk, FILE, 0), `byte ${at} bit ${bit}`).toThrow(damage);
      }
    }
  });

  it('keeps a record whose end of line alone is broken out of the state, as never acknowledged, or refuses it', () => {
    const bytes = written().read(FILE)!;
    bytes[bytes.length - 1] = 0x0b;
    const disk = new Disk();
    disk.put(FILE, bytes);
    expect([STATES[2], STATES[3]]).toContainEqual(stateOf(disk));
  });

  it('names the record and a copy, and is not read beyond the first damage', () => {
    const disk = written();
    const bytes = disk.read(FILE)!;
    bytes[bytes.indexOf('192.0.2.1')]! ^= 1;
    disk.put(FILE, bytes);
    expect(() => readJournal(disk, FILE, 0)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/record 1, at byte \d+, is broken; a copy is kept as/),
      }),
    );
  });

  it('is refused when a record in the middle is missing or stands in another journal', () => {
    const lines = written().text(FILE).split('\n');
    const disk = new Disk();
    disk.put(FILE, [lines[0], lines[2], lines[3], ''].join('\n'));
    expect(() => readJournal(disk, FILE, 0)).toThrow(damage);
    const other = new Disk();
    new Journal(other, FILE).append(CHANGES[0]!, 4);
    disk.put(FILE, `${other.text(FILE)}${lines[2]}\n`);
    expect(() => readJournal(disk, FILE, 0)).toThrow(damage);
  });

  it('is not read further when it is older than the snapshot', () => {
    const disk = written();
    disk.put(FILE, disk.text(FILE).replace('192.0.2.1', '192.0.2.2'));
    expect(readJournal(disk, FILE, 4)).toMatchObject({ generation: 3, changes: [] });
  });

  it('goes on after a torn record by cutting it off', () => {
    const bytes = written().read(FILE)!;
    const disk = new Disk();
    disk.put(FILE, bytes.subarray(0, bytes.length - 5));
    const journal = new Journal(disk, FILE);
    journal.resume(readJournal(disk, FILE, 0)!);
    journal.append(CHANGES[2]!, 3);
    expect(stateOf(disk)).toEqual(STATES[3]);
    expect(readJournal(disk, FILE, 0)!.torn).toBe(false);
  });

  it('cuts off what a longer torn record left, also when that failed at first', () => {
    const disk = new Disk();
    const journal = new Journal(disk, FILE);
    journal.append(CHANGES[0]!, 3);
    const long = [
      put(
        'deny',
        Array.from({ length: 99 }, (_, i) => `10.0.0.${i}`),
      ),
    ];
    disk.fault = (call) => {
      if (call === 'fsync' || call === 'truncate') throw systemError('EIO');
    };
    expect(() => journal.append(long, 3)).toThrow(/EIO/);
    expect(() => journal.append(CHANGES[1]!, 3)).toThrow(/EIO/);
    disk.fault = () => {};
    journal.append(CHANGES[1]!, 3);
    expect(stateOf(disk.afterPowerFailure(() => 0))).toEqual(STATES[2]);
    expect(readJournal(disk, FILE, 0)!.torn).toBe(false);
  });

  it.each(['open', 'write', 'fsync'] as const)(
    'takes a record back when %s fails, and works again afterwards',
    (call) => {
      const disk = new Disk();
      const journal = new Journal(disk, FILE);
      journal.append(CHANGES[0]!, 3);
      journal.close();
      let failing = true;
      disk.fault = (made) => {
        if (made === call && failing) {
          failing = false;
          throw systemError('ENOSPC');
        }
      };
      expect(() => journal.append(CHANGES[1]!, 3)).toThrow(/ENOSPC/);
      expect(stateOf(disk.afterKill())).toEqual(STATES[1]);
      expect(readJournal(disk, FILE, 0)!.torn).toBe(false);
      journal.append(CHANGES[1]!, 3);
      expect(stateOf(disk.afterPowerFailure(() => 0))).toEqual(STATES[2]);
    },
  );
});
