import { describe, expect, it } from 'vitest';
import { bytes, rejection, secondsOfLife, type Use } from './support.ts';

const A = 'feed:a';
const B = 'feed:b';

export function sourcesContract(use: Use): void {
  const prefixes = async () => (await use().rules.list({ list: 'deny' })).rules.map(({ prefix }) => prefix).sort();
  const feed = (source: string, text: string) =>
    use().rules.replaceSource({ source, list: 'deny', data: bytes(text), reason: source });

  describe('sources', () => {
    it('replaces what one source wants, and says the difference', async () => {
      expect(await feed(A, '# a\n192.0.2.1\n192.0.2.2\n192.0.2.2\n2001:db8::/32\n')).toMatchObject({
        source: A,
        list: 'deny',
        entries: 3,
        added: 3,
        removed: 0,
        kept: 0,
        duplicates: 1,
      });
      const second = await feed(A, '192.0.2.2\n192.0.2.3\n');
      expect(second).toMatchObject({ entries: 2, added: 1, removed: 2, kept: 1 });
      expect(await prefixes()).toEqual(['192.0.2.2', '192.0.2.3']);
      expect(await feed(A, '')).toMatchObject({ entries: 0, removed: 2 });
      expect(await prefixes()).toEqual([]);
    });

    it('does not touch entries of people and of other sources', async () => {
      const { rules } = use();
      await rules.add({ list: 'deny', prefix: '192.0.2.1', reason: 'by hand' });
      await rules.import({ list: 'deny', data: bytes('192.0.2.2\n') });
      await feed(B, '192.0.2.3\n');
      await feed(A, '192.0.2.1\n192.0.2.2\n192.0.2.3\n192.0.2.4\n');
      await feed(A, '');
      expect(await prefixes()).toEqual(['192.0.2.1', '192.0.2.2', '192.0.2.3']);
      expect((await rules.match('192.0.2.1'))[0]?.rule).toMatchObject({ source: 'user', reason: 'by hand' });
      expect((await rules.match('192.0.2.3'))[0]?.rule).toMatchObject({ source: B, reason: B });
    });

    it('keeps an entry as long as one source wants it', async () => {
      const { rules } = use();
      await feed(A, '192.0.2.1\n');
      await feed(B, '192.0.2.1\n');
      expect((await rules.match('192.0.2.1'))[0]?.rule).toMatchObject({ source: A, otherSources: [B] });
      expect(await rules.sources()).toEqual([
        { source: A, list: 'deny', entries: 1, shared: 1 },
        { source: B, list: 'deny', entries: 1, shared: 1 },
      ]);
      await feed(A, '');
      expect((await rules.match('192.0.2.1'))[0]?.rule).toMatchObject({ source: B, reason: B });
      await feed(B, '');
      expect(await prefixes()).toEqual([]);
    });

    it('gives a person their own claim on an entry of a source', async () => {
      const { rules } = use();
      await feed(A, '192.0.2.1\n');
      expect(await rules.add({ list: 'deny', prefix: '192.0.2.1', reason: 'mine' })).toMatchObject({ change: 'added' });
      const removal = await rules.remove('192.0.2.1');
      expect(removal.notices.join()).toContain(A);
      expect((await rules.match('192.0.2.1'))[0]?.rule).toMatchObject({ source: A, reason: A });
      expect((await rules.remove('192.0.2.1')).notices.join()).toContain('bring it back');
      expect(await prefixes()).toEqual([]);
    });

    it('takes entries with a reason and a life of their own', async () => {
      const { rules } = use();
      const data = [{ prefix: '192.0.2.1', reason: 'one', ttl: 600 }, { prefix: '192.0.2.0/24' }];
      await rules.replaceSource({ source: 'crowdsec:cscli', list: 'deny', data, reason: 'common' });
      const { rules: found } = await rules.list({ sort: 'prefix' });
      expect(found.map(({ prefix, reason }) => `${prefix} ${reason}`).sort()).toEqual([
        '192.0.2.0/24 common',
        '192.0.2.1 one',
      ]);
      expect(secondsOfLife(found.find(({ reason }) => reason === 'one')!)).toBe(600);
    });

    it('shows the claim that lasts longest', async () => {
      const { rules } = use();
      await rules.add({ list: 'deny', prefix: '192.0.2.1', ttl: 60 });
      await feed(A, '192.0.2.1\n');
      expect((await rules.match('192.0.2.1'))[0]?.rule).toMatchObject({ source: A, expiresAt: null });
      await feed(A, '');
      expect(secondsOfLife((await rules.match('192.0.2.1'))[0]!.rule)).toBe(60);
    });

    it('changes a part of what a source wants, removals first', async () => {
      const { rules } = use();
      await feed(A, '192.0.2.1\n192.0.2.2\n');
      await feed(B, '192.0.2.1\n');
      const update = {
        source: A,
        list: 'deny' as const,
        add: [{ prefix: '192.0.2.2', ttl: 60 }, { prefix: '192.0.2.3' }],
        remove: ['192.0.2.1', '192.0.2.2', '203.0.113.9'],
      };
      expect(await rules.updateSource(update)).toMatchObject({ entries: 2, removed: 2, added: 2 });
      expect(await prefixes()).toEqual(['192.0.2.1', '192.0.2.2', '192.0.2.3']);
      expect((await rules.match('192.0.2.1'))[0]?.rule.source).toBe(B);
    });

    it('changes nothing when a line, the name, a reason or the ttl is wrong', async () => {
      const { rules } = use();
      await feed(A, '192.0.2.1\n');
      await rejection(feed(A, '192.0.2.2\nnonsense\n'), 'INVALID_FILE_LINES');
      await rejection(feed('feed', '192.0.2.2\n'), 'INVALID_INPUT');
      const bad = { source: A, list: 'deny' as const, data: bytes('192.0.2.2\n') };
      await rejection(rules.replaceSource({ ...bad, reason: 'x'.repeat(64) }), 'INVALID_INPUT');
      await rejection(rules.replaceSource({ ...bad, ttl: -1 }), 'INVALID_DURATION');
      const wrong = { source: A, list: 'deny' as const, add: [{ prefix: 'foo' }], remove: ['192.0.2.1'] };
      await rejection(rules.updateSource(wrong), 'INVALID_ADDRESS');
      expect(await prefixes()).toEqual(['192.0.2.1']);
    });
  });
}
