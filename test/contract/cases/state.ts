import { describe, expect, it } from 'vitest';
import { isoTime, rejection, secondsOfLife, type Use } from './support.ts';

export function stateContract(use: Use): void {
  describe('dynamic', () => {
    it('adds, lists and removes', async () => {
      const { dynamic } = use();
      const entry = await dynamic.add({ prefix: '192.0.2.1', reason: 'login failures', ttl: 300 });
      expect(entry).toMatchObject({ prefix: '192.0.2.1', reason: 'login failures', blockedAt: isoTime, cause: null });
      expect(secondsOfLife({ createdAt: entry.blockedAt, expiresAt: entry.expiresAt })).toBe(300);
      expect(await dynamic.list()).toEqual([entry]);
      await dynamic.remove('192.0.2.1');
      expect(await dynamic.list()).toEqual([]);
    });

    it('keeps an entry without ttl until it is removed', async () => {
      expect((await use().dynamic.add({ prefix: '2001:db8::/64' })).expiresAt).toBeNull();
      expect((await use().dynamic.list()).map(({ prefix }) => prefix)).toEqual(['2001:db8::/64']);
    });

    it.each(['192.0.2.0/24', '2001:db8::/48', 'nonsense'])('refuses %s', async (prefix) => {
      await rejection(use().dynamic.add({ prefix }), 'INVALID_ADDRESS');
      expect(await use().dynamic.list()).toEqual([]);
    });

    it('refuses a bad ttl', async () => {
      await rejection(use().dynamic.add({ prefix: '192.0.2.1', ttl: 0 }), 'INVALID_DURATION');
    });

    it('cannot remove what is not there', async () => {
      expect((await rejection(use().dynamic.remove('192.0.2.9'), 'RULE_NOT_FOUND')).message).toContain('192.0.2.9');
    });

    it('clears all and counts them', async () => {
      const { dynamic } = use();
      await dynamic.add({ prefix: '192.0.2.1' });
      await dynamic.add({ prefix: '192.0.2.2' });
      expect(await dynamic.clear()).toBe(2);
      expect(await dynamic.clear()).toBe(0);
      expect(await dynamic.list()).toEqual([]);
    });

    it('leaves the static lists alone', async () => {
      await use().dynamic.add({ prefix: '192.0.2.1' });
      expect(await use().rules.counts()).toEqual({ allow: 0, deny: 0 });
    });
  });

  describe('stats', () => {
    it('starts at zero and resets', async () => {
      const zero = { packets: 0, bytes: 0 };
      const { stats } = use();
      expect(await stats.get()).toEqual({ at: isoTime, passed: zero, dropped: zero, wouldDrop: zero, reasons: [] });
      await stats.reset();
      expect((await stats.get()).reasons).toEqual([]);
    });
  });

  describe('system', () => {
    it('tells what the lists hold', async () => {
      const { rules, dynamic, system } = use();
      await rules.add({ list: 'allow', prefix: '192.0.2.1' });
      await rules.addMany([
        { list: 'deny', prefix: '192.0.2.2' },
        { list: 'deny', prefix: '192.0.2.0/28' },
      ]);
      await dynamic.add({ prefix: '192.0.2.3' });
      const status = await system.status();
      expect(status.rules).toEqual({ allow: 1, deny: 2, dynamic: 1 });
      expect(status.version).toBe(await system.version());
      expect(status.version).not.toBe('');
    });
  });

  it('can be closed twice', async () => {
    await use().close();
    await use().close();
  });
}
