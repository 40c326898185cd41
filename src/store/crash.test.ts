import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NetxfwError } from '../model/errors.ts';
import { FileStore } from './file-store.ts';
import type { Lists, StoredChange } from './store.ts';
import { Crash, Disk, systemError } from './testing/disk.ts';
import { contents, dump, put, remove, replayed } from './testing/rules.ts';

const RULES = '/state/rules.json';
const JOURNAL = '/state/rules.journal';

/** Small limits, so that a few changes meet snapshots and compaction. */
const store = (disk: Disk) =>
  new FileStore({
    rulesFile: RULES,
    journalFile: JOURNAL,
    files: disk,
    now: () => 0,
    largeChange: 5,
    journalBytes: 700,
  });

const address = fc.nat(30).map((n) => (n % 3 === 0 ? `2001:db8::${n}` : `10.0.0.${n}`));
const listName = fc.constantFrom('allow' as const, 'deny' as const);
const change: fc.Arbitrary<StoredChange> = fc.oneof(
  fc
    .tuple(listName, fc.array(address, { minLength: 1, maxLength: 9 }), fc.constantFrom('', 'why'))
    .map(([list, texts, reason]) => put(list, texts, { reason })),
  fc.tuple(listName, fc.array(address, { minLength: 1, maxLength: 9 })).map(([list, texts]) => remove(list, ...texts)),
);
const changes = fc.array(fc.array(change, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 14 });

interface Run {
  /** Everything that was acknowledged, change by change. */
  readonly states: readonly string[][];
  /** With the change whose commit did not return. */
  readonly inFlight: string[];
}

/** Commits until the process "dies". A refused change is none; the others go on. */
function run(disk: Disk, all: readonly (readonly StoredChange[])[]): Run {
  const subject = store(disk);
  let lists: Lists = contents(subject);
  const states = [dump(lists)];
  for (const next of all) {
    const after = replayed(lists, next);
    try {
      subject.commit(next, () => after);
    } catch (error) {
      if (isCrash(error)) return { states, inFlight: dump(after) };
      expect(error).toMatchObject({ code: 'STORE_WRITE_FAILED' });
      continue;
    }
    lists = after;
    states.push(dump(lists));
  }
  return { states, inFlight: states.at(-1)! };
}

function isCrash(error: unknown): boolean {
  return error instanceof Crash || (error instanceof NetxfwError && error.message.includes('Crash'));
}

/** From call `n` on nothing happens any more. */
function crashAt(disk: Disk, n: number): void {
  disk.fault = (_, call) => {
    if (call >= n) throw new Crash('Crash');
  };
}

function chooser(seed: number): (options: number) => number {
  let state = seed >>> 0;
  return (options) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * options);
  };
}

/** The lists that a start finds, or null when it refuses. */
function recovered(disk: Disk): string[] | null {
  try {
    return dump(contents(store(disk)));
  } catch (error) {
    expect(error).toMatchObject({ code: 'STORE_DAMAGED' });
    return null;
  }
}

describe('the store', () => {
  it('holds every acknowledged change after kill -9 at any call, and of the others all or nothing', () => {
    fc.assert(
      fc.property(changes, fc.nat(160), (all, n) => {
        const disk = new Disk();
        crashAt(disk, n + 1);
        const { states, inFlight } = run(disk, all);
        expect([states.at(-1), inFlight]).toContainEqual(recovered(disk.afterKill()));
      }),
      { numRuns: 400 },
    );
  });

  it('holds every acknowledged change after a power failure at any call', () => {
    fc.assert(
      fc.property(changes, fc.nat(160), fc.nat(), (all, n, seed) => {
        const disk = new Disk();
        crashAt(disk, n + 1);
        const { states, inFlight } = run(disk, all);
        expect([states.at(-1), inFlight]).toContainEqual(recovered(disk.afterPowerFailure(chooser(seed))));
      }),
      { numRuns: 600 },
    );
  });

  it('refuses changes while calls fail, and holds exactly the acknowledged ones afterwards', () => {
    fc.assert(
      fc.property(changes, fc.uniqueArray(fc.nat(120), { maxLength: 6 }), fc.nat(), (all, failures, seed) => {
        const disk = new Disk();
        // Not two in a row: a disk that refuses a write and then refuses to take it back cannot be made to keep a promise.
        const apart = failures.filter((n) => !failures.includes(n - 1) && !failures.includes(n - 2));
        disk.fault = (call, n) => {
          if (call !== 'close' && apart.includes(n)) throw systemError('EIO');
        };
        const { states } = run(disk, all);
        disk.fault = () => {};
        expect(recovered(disk.afterKill())).toEqual(states.at(-1));
        expect(recovered(disk.afterPowerFailure(chooser(seed)))).toEqual(states.at(-1));
      }),
      { numRuns: 600 },
    );
  });

  it('gives a state that was acknowledged, or refuses, when its files are cut or flipped anywhere', () => {
    fc.assert(
      fc.property(changes, fc.nat(), fc.boolean(), fc.boolean(), (all, where, cut, journal) => {
        const disk = new Disk();
        const { states } = run(disk, all);
        const path = journal || !disk.names.has(RULES) ? JOURNAL : RULES;
        const bytes = disk.read(path)!;
        const damaged = disk.afterKill();
        if (cut) damaged.put(path, bytes.subarray(0, where % bytes.length));
        else {
          const at = where % (bytes.length * 8);
          bytes[at >>> 3]! ^= 1 << (at & 7);
          damaged.put(path, bytes);
        }
        const found = recovered(damaged);
        if (found !== null) expect(states).toContainEqual(found);
        // A cut journal may lose its last records, a flipped one none but a torn last; a snapshot nothing at all.
        if (path === RULES) expect(found).toBeNull();
      }),
      { numRuns: 600 },
    );
  });
});
