import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NetxfwError } from '../model/errors.ts';
import { keyOfRecord, type PolicyKind, type PolicyRecord } from '../model/policy-records.ts';
import { parsePrefix } from '../model/prefixes.ts';
import { FileStore } from './file-store.ts';
import type { PolicyEdit, StoredChange, StoredState } from './store.ts';
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
  fc
    .tuple(fc.constantFrom('limits', 'ports', 'ipPortRules'), fc.array(fc.nat(9), { maxLength: 4 }), fc.nat(9))
    .map(([kind, put, gone]) => policyEdit(kind, put, gone)),
);

function policyEdit(kind: PolicyEdit['kind'], put: readonly number[], gone: number): PolicyEdit {
  const prefix = (n: number) => parsePrefix(`10.0.${n}.0/24`).prefix;
  const ports = (n: number) => ({ from: n + 1, to: 10 * n + 1, protocol: n % 2 === 0 ? 'tcp' : 'any' }) as const;
  const createdAt = 1_700_000_000_000;
  const make = {
    limits: (n: number) => ({ prefix: prefix(n), rate: n + 1, burst: 9, createdAt }),
    ports: (n: number) => ({ ...ports(n), createdAt }),
    ipPortRules: (n: number) =>
      ({ ...ports(n), prefix: prefix(n), action: 'deny', reason: '\u00e4 "x"', createdAt }) as const,
  }[kind];
  const keyOf = keyOfRecord[kind] as (record: PolicyRecord[PolicyKind]) => string;
  return { kind, put: put.map((n) => make(n)), remove: [keyOf(make(gone))] } as PolicyEdit;
}

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
  let state: StoredState = contents(subject);
  const states = [dump(state)];
  for (const next of all) {
    const after = replayed(state, next);
    try {
      subject.commit(next, () => after);
    } catch (error) {
      if (isCrash(error)) return { states, inFlight: dump(after) };
      expect(error).toMatchObject({ code: 'STORE_WRITE_FAILED' });
      continue;
    }
    state = after;
    states.push(dump(state));
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

/** What a start finds, or null when it refuses. */
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
