import { describe, expect, it } from 'vitest';
import { isoTime, rejection, secondsOfLife, type Use } from './support.ts';

export function rulesContract(use: Use): void {
  describe('add', () => {
    it('answers with the entry in canonical form', async () => {
      const change = await use().rules.add({ list: 'deny', prefix: '192.0.2.1', reason: 'brute force' });
      expect(change).toEqual({
        change: 'added',
        rule: {
          list: 'deny',
          prefix: '192.0.2.1',
          reason: 'brute force',
          createdAt: isoTime,
          expiresAt: null,
          source: 'user',
        },
        notices: [],
      });
    });

    it.each([
      ['192.0.2.1/32', '192.0.2.1'],
      ['::ffff:192.0.2.1', '192.0.2.1'],
      ['2001:DB8:0:0::1', '2001:db8::1'],
      ['2001:db8::/32', '2001:db8::/32'],
      ['0.0.0.0/0', '0.0.0.0/0'],
    ])('writes %s as %s', async (given, canonical) => {
      expect((await use().rules.add({ list: 'allow', prefix: given })).rule.prefix).toBe(canonical);
    });

    it('masks host bits and says so', async () => {
      const { rule, notices } = await use().rules.add({ list: 'deny', prefix: '10.1.2.3/8' });
      expect(rule.prefix).toBe('10.0.0.0/8');
      expect(notices.join()).toContain('10.1.2.3/8');
    });

    it('knows an entry that is there, and one that changes', async () => {
      const { rules } = use();
      const given = { list: 'deny', prefix: '192.0.2.1', reason: 'a' } as const;
      const first = await rules.add(given);
      const again = await rules.add(given);
      expect(again).toMatchObject({ change: 'unchanged', rule: first.rule });
      expect(await rules.add({ ...given, reason: 'b' })).toMatchObject({ change: 'replaced', rule: { reason: 'b' } });
      expect(await rules.counts()).toEqual({ allow: 0, deny: 1 });
    });

    it('turns a ttl into a time of expiry', async () => {
      const { rule } = await use().rules.add({ list: 'deny', prefix: '192.0.2.1', ttl: 3600 });
      expect(secondsOfLife(rule)).toBe(3600);
    });

    it('says that a whitelisted network makes a deny pointless', async () => {
      const { rules } = use();
      await rules.add({ list: 'allow', prefix: '10.0.0.0/8' });
      const { change, notices } = await rules.add({ list: 'deny', prefix: '10.1.2.3' });
      expect(change).toBe('added');
      expect(notices.join()).toContain('10.0.0.0/8');
    });

    it.each(['', '1.2.3', '1.2.3.4.5', '256.1.1.1', '01.2.3.4', '1.2.3.4/33', '::1/129', 'g::1', 'example.com'])(
      'refuses the address "%s" and names it',
      async (prefix) => {
        const { rules } = use();
        const error = await rejection(rules.add({ list: 'deny', prefix }), 'INVALID_ADDRESS');
        expect(error.message).toContain(prefix);
        expect(await rules.counts()).toEqual({ allow: 0, deny: 0 });
      },
    );

    it.each([0, -1, 1e12])('refuses a ttl of %d', async (ttl) => {
      const error = await rejection(use().rules.add({ list: 'deny', prefix: '192.0.2.1', ttl }), 'INVALID_DURATION');
      expect(error.message).toContain(String(ttl));
      expect(await use().rules.counts()).toEqual({ allow: 0, deny: 0 });
    });

    it('refuses a reason of 64 bytes, counted in UTF-8', async () => {
      const { rules } = use();
      await rules.add({ list: 'deny', prefix: '192.0.2.1', reason: 'x'.repeat(63) });
      await rejection(rules.add({ list: 'deny', prefix: '192.0.2.2', reason: 'x'.repeat(64) }), 'INVALID_INPUT');
      await rejection(rules.add({ list: 'deny', prefix: '192.0.2.2', reason: '\u00fc'.repeat(32) }), 'INVALID_INPUT');
      expect(await rules.counts()).toEqual({ allow: 0, deny: 1 });
    });
  });

  describe('addMany', () => {
    it('answers in the order given', async () => {
      const changes = await use().rules.addMany([
        { list: 'deny', prefix: '192.0.2.2' },
        { list: 'allow', prefix: '192.0.2.1' },
        { list: 'deny', prefix: '2001:db8::/64', reason: 'lab' },
      ]);
      expect(changes.map(({ change, rule }) => `${change} ${rule.list} ${rule.prefix}`)).toEqual([
        'added deny 192.0.2.2',
        'added allow 192.0.2.1',
        'added deny 2001:db8::/64',
      ]);
    });

    it('adds all or none', async () => {
      const { rules } = use();
      await rejection(
        rules.addMany([
          { list: 'deny', prefix: '192.0.2.1' },
          { list: 'deny', prefix: '192.0.2.999' },
        ]),
        'INVALID_ADDRESS',
      );
      expect(await rules.counts()).toEqual({ allow: 0, deny: 0 });
    });

    it('takes none', async () => {
      expect(await use().rules.addMany([])).toEqual([]);
    });
  });

  describe('remove', () => {
    it('takes the entry from every list that has it', async () => {
      const { rules } = use();
      await rules.add({ list: 'allow', prefix: '192.0.2.1' });
      await rules.add({ list: 'deny', prefix: '192.0.2.1' });
      const { removed } = await rules.remove('192.0.2.1/32');
      expect(removed.map(({ list }) => list).sort()).toEqual(['allow', 'deny']);
      expect(await rules.counts()).toEqual({ allow: 0, deny: 0 });
    });

    it('takes it from the named list only', async () => {
      const { rules } = use();
      await rules.add({ list: 'allow', prefix: '192.0.2.1' });
      await rules.add({ list: 'deny', prefix: '192.0.2.1' });
      expect((await rules.remove('192.0.2.1', 'deny')).removed.map(({ list }) => list)).toEqual(['deny']);
      expect(await rules.counts()).toEqual({ allow: 1, deny: 0 });
    });

    it('removes the entry, not what it covers or is covered by', async () => {
      const { rules } = use();
      await rules.addMany(['10.0.0.0/8', '10.1.0.0/16', '10.1.2.3'].map((prefix) => ({ list: 'deny', prefix })));
      await rules.remove('10.1.0.0/16');
      expect((await rules.list()).rules.map(({ prefix }) => prefix).sort()).toEqual(['10.0.0.0/8', '10.1.2.3']);
    });

    it('refuses what no list has', async () => {
      const { rules } = use();
      await rules.add({ list: 'allow', prefix: '192.0.2.1' });
      expect((await rejection(rules.remove('192.0.2.2'), 'RULE_NOT_FOUND')).message).toContain('192.0.2.2');
      await rejection(rules.remove('192.0.2.1', 'deny'), 'RULE_NOT_FOUND');
      await rejection(rules.remove('192.0.2'), 'INVALID_ADDRESS');
      expect(await rules.counts()).toEqual({ allow: 1, deny: 0 });
    });
  });

  describe('removing many', () => {
    const prefixes = (list: readonly { readonly prefix: string }[]) => list.map(({ prefix }) => prefix).sort();
    const left = async () => prefixes((await use().rules.list({ list: 'deny' })).rules);

    /** Three entries of a list with one reason, IPv4 and IPv6, and others. */
    async function fill(): Promise<void> {
      const { rules } = use();
      const reason = 'blocklist.example';
      const deny = ['192.0.2.1', '192.0.2.2', '2001:db8::1'].map(
        (prefix) => ({ list: 'deny', prefix, reason }) as const,
      );
      await rules.addMany([
        ...deny,
        { list: 'deny', prefix: '198.51.100.0/24' },
        { list: 'allow', prefix: '192.0.2.1' },
      ]);
    }

    it('removes what is named, as one change, and says what was not there', async () => {
      const { rules } = use();
      await fill();
      const named = ['192.0.2.1', '2001:DB8:0::1', '192.0.2.1/32', '203.0.113.1'];
      const selection = { list: 'deny', prefixes: named } as const;
      const expected = { removed: 2, staying: 0, configured: 0, missing: 1 };
      expect(await rules.previewRemoval(selection)).toEqual(expected);
      expect(await rules.counts()).toEqual({ allow: 1, deny: 4 });
      expect(await rules.removeMany(selection)).toEqual(expected);
      expect(await left()).toEqual(['192.0.2.2', '198.51.100.0/24']);
      expect(await rules.counts()).toEqual({ allow: 1, deny: 2 });
    });

    it('removes what a search finds but some, and the packets of those pass again', async () => {
      const { rules } = use();
      await fill();
      const selection = { list: 'deny', search: 'BLOCKLIST', except: ['192.0.2.2', '203.0.113.9'] } as const;
      expect(await rules.removeMany(selection)).toEqual({ removed: 2, staying: 0, configured: 0, missing: 0 });
      expect(await left()).toEqual(['192.0.2.2', '198.51.100.0/24']);
      expect(await rules.match('192.0.2.1')).toMatchObject([{ verdict: 'PASS_WHITELIST' }]);
      expect(await rules.removeMany({ list: 'deny', search: '' })).toMatchObject({ removed: 2 });
      expect(await left()).toEqual([]);
    });

    it('leaves what another source wants, and takes what only another source wants', async () => {
      const { rules } = use();
      await fill();
      const shared = { prefix: '192.0.2.1' };
      await rules.replaceSource({ source: 'feed:a', list: 'deny', data: [shared, { prefix: '203.0.113.5' }] });
      const selection = { list: 'deny', prefixes: ['192.0.2.1', '192.0.2.2', '203.0.113.5'] } as const;
      const expected = { removed: 2, staying: 1, configured: 0, missing: 0 };
      expect(await rules.previewRemoval(selection)).toEqual(expected);
      expect(await rules.removeMany({ ...selection, expect: 3 })).toEqual(expected);
      expect(await left()).toEqual(['192.0.2.1', '198.51.100.0/24', '2001:db8::1']);
      const [rule] = (await rules.list({ list: 'deny', search: '192.0.2.1' })).rules;
      expect(rule).toMatchObject({ source: 'feed:a' });
    });

    it('removes nothing when it is not as many as were expected, or one is no address', async () => {
      const { rules } = use();
      await fill();
      const wrong = { list: 'deny', search: 'blocklist', expect: 2 } as const;
      const error = await rejection(rules.removeMany(wrong), 'CONFLICT');
      expect(error.details).toEqual({ expected: 2, found: 3 });
      await rejection(rules.removeMany({ list: 'deny', prefixes: ['192.0.2.1', '192.0.2'] }), 'INVALID_ADDRESS');
      expect(await rules.counts()).toEqual({ allow: 1, deny: 4 });
    });

    it('refuses what would cut off the caller, and can be undone', async () => {
      const { rules, config } = use();
      await fill();
      await rules.add({ list: 'allow', prefix: '198.51.100.7' });
      const cut = rules.removeMany({ list: 'allow', search: '198.51' }, { protect: ['198.51.100.7'] });
      await rejection(cut, 'LOCKOUT_RISK');
      await rules.removeMany({ list: 'deny', search: '' }, { confirm: 600 });
      expect(await left()).toEqual([]);
      await config.rollback();
      expect((await left()).length).toBe(4);
    });
  });
}
