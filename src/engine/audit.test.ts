import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../model/audit.ts';
import { AuditFile } from '../store/audit-file.ts';
import { Disk, systemError } from '../store/testing/disk.ts';
import { Audit } from './audit.ts';

const PATH = '/state/audit.jsonl';
const ENTRY: AuditEntry = {
  who: 'alice',
  via: 'token',
  from: '192.0.2.1 port 4242',
  route: 'POST /api/rules',
  target: '/api/rules',
  input: '{"list":"deny","prefix":"203.0.113.7"}',
  outcome: 'ok',
  milliseconds: 1,
};
const STRANGER: AuditEntry = { ...ENTRY, who: 'unknown', via: 'none', outcome: 'UNAUTHORIZED', input: null };

const open = (disk: Disk, sizes = { changes: 10_000, refusals: 10_000 }) =>
  new Audit(new AuditFile(PATH, disk, sizes), () => Date.UTC(2026, 0, 1));

describe('the audit log', () => {
  it('gives the newest first, page by page, and goes on after a restart', async () => {
    const disk = new Disk();
    for (let i = 0; i < 3; i++) {
      const audit = open(disk);
      audit.record({ ...ENTRY, who: `user${i}a` });
      audit.record({ ...STRANGER, who: `user${i}b` });
      audit.close();
    }
    const audit = open(disk);
    const first = await audit.page({ limit: 4 });
    expect(first.records.map(({ id, who }) => [id, who])).toEqual([
      [6, 'user2b'],
      [5, 'user2a'],
      [4, 'user1b'],
      [3, 'user1a'],
    ]);
    expect(first.records[0]).toEqual({ ...STRANGER, id: 6, at: '2026-01-01T00:00:00.000Z', who: 'user2b' });
    const second = await audit.page({ limit: 4, before: first.next! });
    expect(second.records.map(({ id }) => id)).toEqual([2, 1]);
    expect(second.next).toBeNull();
  });

  it('finds by any part, also by the words for what was done', async () => {
    const disk = new Disk();
    const audit = open(disk);
    audit.record(ENTRY);
    audit.record({ ...ENTRY, who: 'bob', route: 'DELETE /api/tokens', target: '/api/tokens?name=old' });
    const found = async (search: string) => (await audit.page({ search })).records.map(({ who }) => who);
    expect(await found('203.0.113')).toEqual(['bob', 'alice']);
    expect(await found('ALICE')).toEqual(['alice']);
    expect(await found('remove a token')).toEqual(['bob']);
    expect(await found('nowhere')).toEqual([]);
  });

  it('lets no stranger push out what was changed', async () => {
    const audit = open(new Disk(), { changes: 2000, refusals: 1000 });
    audit.record(ENTRY);
    for (let i = 0; i < 500; i++) audit.record(STRANGER);
    const { records } = await audit.page({ limit: 500 });
    expect(records.at(-1)).toMatchObject({ id: 1, who: 'alice' });
    expect(records.length).toBeLessThan(20);
  });

  it('stops nothing when the disk is full, says so, and goes on when it is not', async () => {
    const disk = new Disk();
    const audit = open(disk);
    audit.record({ ...ENTRY, who: 'before' });
    disk.fault = () => {
      throw systemError('ENOSPC');
    };
    audit.record({ ...ENTRY, who: 'lost' });
    expect(audit.problem).toContain('ENOSPC');
    disk.fault = () => {};
    audit.record({ ...ENTRY, who: 'after' });
    expect(audit.problem).toBeNull();
    expect((await audit.page()).records.map(({ who }) => who)).toEqual(['after', 'before']);
  });

  it('passes over what is damaged', async () => {
    const disk = new Disk();
    disk.put(PATH, `${JSON.stringify({ ...ENTRY, id: 7, at: 'x' })}\nnonsense\n{"id":"8"}\nnull\n{"id":9,"at`);
    const audit = open(disk);
    audit.record(ENTRY);
    expect((await audit.page()).records.map(({ id }) => id)).toEqual([8, 7]);
  });

  it.each([{ limit: 0 }, { limit: 501 }, { limit: 1.5 }, { before: 0 }])('refuses %o', async (query) => {
    await expect(open(new Disk()).page(query)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});
