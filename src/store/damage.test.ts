import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NetxfwError } from '../model/errors.ts';
import { AuditFile } from './audit-file.ts';
import { BpfPluginsFile } from './bpf-plugins.ts';
import { ConfigFileSource } from './config-source.ts';
import { ConfirmFile } from './confirm.ts';
import { FileStore } from './file-store.ts';
import { PluginValuesFile } from './plugin-values.ts';
import { damage, damagedBytes } from './testing/damages.ts';
import { Disk } from './testing/disk.ts';
import { contents, dump, put } from './testing/rules.ts';
import { TokensFile } from './tokens-file.ts';

/** What a reader makes of a file: what it says, and what it tells the operator. */
interface Reading {
  readonly value: unknown;
  readonly warning: string | null;
}

interface Subject {
  readonly files: readonly string[];
  write(disk: Disk): void | Promise<void>;
  read(disk: Disk): Reading;
  /** What may be read instead of the whole, with a warning: nothing, or what came before the damage. */
  readonly rest: (whole: unknown, read: unknown) => boolean;
  /** What is a whole file, too, and was one earlier: nothing tells that there was more. */
  readonly earlier?: (file: string, bytes: Buffer, whole: Buffer) => boolean;
}

const NEVER = () => false;
const LF = 0x0a;

const store = (disk: Disk) =>
  new FileStore({
    rulesFile: '/s/rules.json',
    journalFile: '/s/rules.journal',
    files: disk,
    now: () => 0,
    largeChange: 3,
  });

const SUBJECTS: Readonly<Record<string, Subject>> = {
  rules: {
    files: ['/s/rules.json', '/s/rules.journal'],
    write(disk) {
      const rules = store(disk);
      const commit = (...change: Parameters<typeof put>) => {
        const before = contents(store(disk));
        rules.commit([put(...change)], () => ({ ...before, lists: { allow: [], deny: put(...change).put } }));
      };
      rules.load();
      commit('deny', ['192.0.2.1', '192.0.2.2', '198.51.100.0/24', '2001:db8::/32'], { reason: 'many' });
      commit('deny', ['203.0.113.1'], { reason: 'one' });
      commit('allow', ['203.0.113.2']);
      rules.close();
    },
    read(disk) {
      const { warnings } = store(disk).load();
      return { value: dump(contents(store(disk))), warning: warnings[0] ?? null };
    },
    // A record whose end is missing cannot be told from one that was never acknowledged.
    rest: (whole, read) => (read as string[]).every((line) => (whole as string[]).includes(line)),
    earlier: (file, bytes, whole) =>
      file.endsWith('journal') && bytes.at(-1) === LF && whole.subarray(0, bytes.length).equals(bytes),
  },
  confirm: {
    files: ['/s/confirm.json', '/s/confirm.json.copy'],
    write(disk) {
      const changes = [put('deny', ['192.0.2.1'])];
      new ConfirmFile('/s/confirm.json', disk).save({
        deadline: 1_700_000_000_000,
        what: 'reload',
        origin: 'cli',
        changes,
        config: 'base:\n  default_deny: true\n',
      });
    },
    read(disk) {
      const file = new ConfirmFile('/s/confirm.json', disk);
      return { value: JSON.stringify(file.load()), warning: file.warning };
    },
    // One of two copies is damaged: what leads back is there all the same.
    rest: (whole, read) => whole === read,
  },
  'applied configuration': {
    files: ['/s/config.applied.yaml'],
    write: (disk) =>
      new ConfigFileSource('/c', '/s/config.applied.yaml', disk).writeApplied('base:\n  xdp_mode: auto\n'),
    read(disk) {
      const source = new ConfigFileSource('/c', '/s/config.applied.yaml', disk);
      return { value: source.readApplied(), warning: source.warning };
    },
    rest: (_, read) => read === undefined,
  },
  tokens: {
    files: ['/s/tokens.json'],
    write: (disk) =>
      new TokensFile('/s/tokens.json', disk).save([
        { name: 'a', role: 'admin', createdAt: new Date(0).toISOString(), hash: 'ab'.repeat(32) },
        { name: 'b', role: 'read', createdAt: new Date(1).toISOString(), hash: '01'.repeat(32) },
      ]),
    read: (disk) => ({ value: new TokensFile('/s/tokens.json', disk).load(), warning: null }),
    rest: NEVER,
  },
  'BPF plugins': {
    files: ['/s/bpf-plugins.json'],
    write: (disk) =>
      new BpfPluginsFile('/s/bpf-plugins.json', disk).save([
        { slot: 2, file: '/opt/a.o' },
        { slot: 14, file: '/opt/b.o' },
      ]),
    read: (disk) => ({ value: new BpfPluginsFile('/s/bpf-plugins.json', disk).load(), warning: null }),
    rest: NEVER,
  },
  "plugins' values": {
    files: ['/s/plugins.json'],
    async write(disk) {
      const values = new PluginValuesFile('/s/plugins.json', disk);
      await Promise.all([
        values.set('feeds', 'a', { checkedAt: 1, entries: 2 }),
        values.set('log', 'x', { at: [1, 2] }),
      ]);
    },
    read(disk) {
      const values = new PluginValuesFile('/s/plugins.json', disk);
      return { value: [values.get('feeds', 'a'), values.get('log', 'x')], warning: values.warning };
    },
    rest: (_, read) => (read as unknown[]).every((value) => value === undefined),
  },
};

describe('a damaged file', () => {
  it.each(Object.entries(SUBJECTS))(
    'of %s is refused or reported with a copy of it, never taken for what it says',
    async (_, subject) => {
      const whole = new Disk();
      await subject.write(whole);
      const expected = subject.read(whole);
      expect(expected.warning).toBeNull();
      for (const file of subject.files) expect(whole.read(file), file).not.toBeNull();
      fc.assert(
        fc.property(fc.constantFrom(...subject.files), damage, (file, how) => {
          const disk = whole.afterKill();
          const before = disk.read(file)!;
          const bytes = damagedBytes(before, how);
          disk.put(file, bytes);
          let told: string;
          try {
            const { value, warning } = subject.read(disk);
            if (warning === null && subject.earlier?.(file, bytes, before)) {
              expect(subject.rest(expected.value, value), JSON.stringify(value)).toBe(true);
              return;
            }
            if (warning === null) {
              // What does not matter may be different, such as white space.
              expect(value).toEqual(expected.value);
              return;
            }
            expect(subject.rest(expected.value, value), JSON.stringify(value)).toBe(true);
            told = warning;
          } catch (error) {
            expect(error).toMatchObject({ code: 'STORE_DAMAGED' });
            told = NetxfwError.from(error).message;
          }
          expect(told).toContain(file);
          if (file.endsWith('journal') && told.includes('cut off')) return;
          const copies = [...disk.names.keys()].filter((name) => name.startsWith(`${file}.damaged-`));
          expect(copies.map((name) => disk.read(name)!.equals(bytes))).toEqual([true]);
          expect(told).toContain(copies[0]);
        }),
        { numRuns: 400 },
      );
    },
  );

  it('of the audit log loses no line but the damaged ones', () => {
    const path = '/s/audit.jsonl';
    const whole = new Disk();
    const log = new AuditFile(path, whole);
    for (let id = 1; id <= 20; id++) {
      log.append({ id, at: new Date(id).toISOString(), who: 'alice', via: 'token' } as Parameters<
        AuditFile['append']
      >[0]);
    }
    const lines = whole.text(path).trimEnd().split('\n');
    fc.assert(
      fc.property(damage, (how) => {
        const disk = whole.afterKill();
        const bytes = damagedBytes(disk.read(path)!, how);
        disk.put(path, bytes);
        const left = bytes.toString('utf8').split('\n').slice(0, -1);
        const found = [...new AuditFile(path, disk).records()].map((record) => JSON.stringify(record));
        for (const line of lines) if (left.includes(line)) expect(found).toContain(line);
      }),
      { numRuns: 400 },
    );
  });
});
