import { beforeEach, describe, expect, it } from 'vitest';
import type { RuleQuery } from '../../../src/model/rules.ts';
import { rejection, type Use } from './support.ts';

export function queriesContract(use: Use): void {
  describe('list', () => {
    beforeEach(async () => {
      await use().rules.addMany([
        { list: 'deny', prefix: '198.51.100.7', reason: 'scanner' },
        { list: 'deny', prefix: '10.0.0.0/8', reason: 'lab' },
        { list: 'allow', prefix: '10.1.2.3', reason: 'office' },
        { list: 'deny', prefix: '2001:db8::/32', reason: 'Scanner farm', ttl: 600 },
        { list: 'deny', prefix: '9.9.9.9', reason: 'abuse', ttl: 60 },
      ]);
    });

    const prefixes = async (query: RuleQuery) => (await use().rules.list(query)).rules.map(({ prefix }) => prefix);

    it('holds everything by default', async () => {
      const page = await use().rules.list();
      expect(page).toMatchObject({ total: 5, offset: 0, limit: 100 });
      expect(page.rules).toHaveLength(5);
    });

    it('filters by list', async () => {
      expect(await prefixes({ list: 'allow' })).toEqual(['10.1.2.3']);
      expect((await use().rules.list({ list: 'deny' })).total).toBe(4);
    });

    it('sorts by address as a number, IPv4 first', async () => {
      const ascending = ['9.9.9.9', '10.0.0.0/8', '198.51.100.7', '2001:db8::/32'];
      expect(await prefixes({ list: 'deny', sort: 'prefix' })).toEqual(ascending);
      expect(await prefixes({ list: 'deny', sort: 'prefix', descending: true })).toEqual(ascending.toReversed());
    });

    it('sorts by expiry, those that never expire last', async () => {
      expect((await prefixes({ list: 'deny', sort: 'expires' })).slice(0, 2)).toEqual(['9.9.9.9', '2001:db8::/32']);
    });

    it('pages without gap or overlap', async () => {
      const all = await prefixes({ sort: 'prefix' });
      const pages = [
        await prefixes({ sort: 'prefix', limit: 2 }),
        await prefixes({ sort: 'prefix', limit: 2, offset: 2 }),
        await prefixes({ sort: 'prefix', limit: 2, offset: 4 }),
        await prefixes({ sort: 'prefix', limit: 2, offset: 6 }),
      ];
      expect(pages.map((page) => page.length)).toEqual([2, 2, 1, 0]);
      expect(pages.flat()).toEqual(all);
      expect(await use().rules.list({ limit: 2, offset: 4 })).toMatchObject({ total: 5, offset: 4, limit: 2 });
    });

    it.each<[string, string[]]>([
      ['10.', ['10.0.0.0/8', '10.1.2.3']],
      ['198.51', ['198.51.100.7']],
      ['10.200.0.1', ['10.0.0.0/8']],
      ['10.1.2.3', ['10.0.0.0/8', '10.1.2.3']],
      ['2001:db8::5', ['2001:db8::/32']],
      ['scanner', ['198.51.100.7', '2001:db8::/32']],
      ['nothing', []],
    ])('finds by "%s"', async (search, expected) => {
      const page = await use().rules.list({ search, sort: 'prefix' });
      expect(page.rules.map(({ prefix }) => prefix)).toEqual(expected);
      expect(page.total).toBe(expected.length);
    });

    it.each<RuleQuery>([{ limit: 0 }, { limit: 10_001 }, { offset: -1 }])('refuses %o', async (query) => {
      await rejection(use().rules.list(query), 'INVALID_INPUT');
    });
  });

  describe('match', () => {
    it('names the deciding entry first', async () => {
      const { rules } = use();
      await rules.addMany([
        { list: 'deny', prefix: '10.1.2.3', reason: 'host' },
        { list: 'deny', prefix: '10.0.0.0/8', reason: 'net' },
        { list: 'allow', prefix: '10.1.0.0/16', reason: 'office' },
      ]);
      const verdicts = async (address: string) =>
        (await rules.match(address)).map(({ rule, verdict }) => `${verdict} ${rule.prefix}`);
      expect((await verdicts('10.1.2.3'))[0]).toBe('PASS_WHITELIST 10.1.0.0/16');
      expect((await verdicts('10.1.2.3')).slice(1).sort()).toEqual([
        'DROP_DENIED_HOST 10.1.2.3',
        'DROP_DENIED_NETWORK 10.0.0.0/8',
      ]);
      expect(await verdicts('10.2.0.1')).toEqual(['DROP_DENIED_NETWORK 10.0.0.0/8']);
      expect(await verdicts('192.0.2.1')).toEqual([]);
    });

    it('refuses a network', async () => {
      await rejection(use().rules.match('10.0.0.0/8'), 'INVALID_ADDRESS');
    });
  });
}
