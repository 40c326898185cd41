import { describe, expect, it } from 'vitest';
import type { ImportProgress, Rule } from '../../../src/model/rules.ts';
import { bytes, rejection, secondsOfLife, textOf, type Use } from './support.ts';

const FILE = [
  '# a feed',
  '; with comments',
  '192.0.2.1',
  '192.0.2.2  # trailing',
  '',
  '198.51.100.0/24',
  '2001:db8::/32',
  '192.0.2.1',
  '',
].join('\r\n');

export function transferContract(use: Use): void {
  describe('import', () => {
    it('reads a text list: comments, CRLF, both families, duplicates', async () => {
      const { rules } = use();
      const result = await rules.import({ list: 'deny', data: bytes(FILE), reason: 'feed' });
      expect(result).toMatchObject({ list: 'deny', read: 5, added: 4, unchanged: 0, duplicates: 1, invalid: 0 });
      const page = await rules.list({ sort: 'prefix' });
      expect(page.rules.map(({ prefix, reason }) => `${prefix} ${reason}`)).toEqual([
        '192.0.2.1 feed',
        '192.0.2.2 feed',
        '198.51.100.0/24 feed',
        '2001:db8::/32 feed',
      ]);
      expect(new Set(page.rules.map(({ source }) => source))).toEqual(new Set(['import']));
    });

    it('adds nothing the second time', async () => {
      const { rules } = use();
      await rules.import({ list: 'deny', data: bytes(FILE) });
      const before = (await rules.list()).rules;
      expect(await rules.import({ list: 'deny', data: bytes(FILE) })).toMatchObject({ added: 0, unchanged: 4 });
      expect((await rules.list()).rules).toEqual(before);
    });

    it('says in a preview what it would do, and does nothing', async () => {
      const { rules } = use();
      await rules.add({ list: 'deny', prefix: '192.0.2.1' });
      await rules.add({ list: 'allow', prefix: '198.51.100.0/24' });
      const before = await rules.list();
      const preview = await rules.import({ list: 'deny', data: bytes(`${FILE}nonsense\r\n`), preview: true });
      expect(preview).toMatchObject({ read: 5, added: 3, unchanged: 1, duplicates: 1, invalid: 1 });
      expect(preview.invalidLines).toMatchObject([{ line: 9, text: 'nonsense' }]);
      expect(preview.notices.join()).toContain('198.51.100.0/24');
      expect(await rules.list()).toEqual(before);
      const data = bytes(`${FILE}nonsense`);
      const done = await rules.import({ list: 'deny', data, skipInvalid: true });
      expect(done).toEqual(preview);
    });

    it('reads a stream that breaks lines and characters anywhere', async () => {
      async function* data() {
        for (const byte of bytes(FILE)) yield Uint8Array.of(byte);
      }
      expect(await use().rules.import({ list: 'allow', data: data() })).toMatchObject({ added: 4 });
      expect(await use().rules.counts()).toEqual({ allow: 4, deny: 0 });
    });

    it('tells how far it is, and ends at the total', async () => {
      const seen: ImportProgress[] = [];
      const lines = Array.from({ length: 5000 }, (_, i) => `10.${i >> 8}.${i & 255}.1`).join('\n');
      await use().rules.import({ list: 'deny', data: bytes(lines), onProgress: (progress) => seen.push(progress) });
      expect(seen.length).toBeGreaterThan(0);
      for (const { done, total } of seen) expect(done).toBeLessThanOrEqual(total);
      expect(await use().rules.counts()).toEqual({ allow: 0, deny: 5000 });
    });

    it('names every bad line and imports nothing', async () => {
      const { rules } = use();
      const data = bytes('192.0.2.1\nnonsense\n192.0.2.2\n10.0.0.0/33\n');
      const error = await rejection(rules.import({ list: 'deny', data, name: 'bad.txt' }), 'INVALID_FILE_LINES');
      expect(error.message).toContain('bad.txt');
      expect(error.details).toMatchObject({
        invalidLines: [
          { line: 2, text: 'nonsense' },
          { line: 4, text: '10.0.0.0/33' },
        ],
      });
      expect(await rules.counts()).toEqual({ allow: 0, deny: 0 });
    });

    it('skips bad lines when told to, and still names them', async () => {
      const { rules } = use();
      const data = bytes('192.0.2.1\nnonsense\n192.0.2.2\n');
      const result = await rules.import({ list: 'deny', data, skipInvalid: true });
      expect(result).toMatchObject({ added: 2, invalid: 1, invalidLines: [{ line: 2, text: 'nonsense' }] });
    });

    it('imports nothing when the data cannot be read to its end', async () => {
      async function* data() {
        yield bytes('192.0.2.1\n');
        throw new Error('disk on fire');
      }
      const error = await rejection(use().rules.import({ list: 'deny', data: data() }), 'FILE_UNREADABLE');
      expect(error.message).toContain('disk on fire');
      expect(await use().rules.counts()).toEqual({ allow: 0, deny: 0 });
    });

    it('gives all entries the ttl', async () => {
      await use().rules.import({ list: 'deny', data: bytes('192.0.2.1\n192.0.2.2\n'), ttl: 600 });
      const { rules } = await use().rules.list();
      expect(rules.map(secondsOfLife)).toEqual([600, 600]);
    });

    it('refuses a bad ttl', async () => {
      await rejection(use().rules.import({ list: 'deny', data: bytes('192.0.2.1\n'), ttl: -5 }), 'INVALID_DURATION');
      expect(await use().rules.counts()).toEqual({ allow: 0, deny: 0 });
    });
  });

  describe('export', () => {
    it('writes text that imports to the same list', async () => {
      const { rules } = use();
      await rules.import({ list: 'deny', data: bytes(FILE) });
      await rules.add({ list: 'allow', prefix: '203.0.113.1' });
      const text = await textOf(rules.export({ list: 'deny', format: 'text' }));
      expect(text).not.toContain('203.0.113.1');
      const before = (await rules.list({ list: 'deny' })).rules.map(({ prefix }) => prefix).sort();
      for (const prefix of before) await rules.remove(prefix);
      await rules.import({ list: 'deny', data: bytes(text) });
      expect((await rules.list({ list: 'deny' })).rules.map(({ prefix }) => prefix).sort()).toEqual(before);
    });

    it('writes JSON that brings reasons and times of expiry back', async () => {
      const { rules } = use();
      await rules.addMany([
        { list: 'deny', prefix: '192.0.2.1', reason: 'a "quoted" reason, \u00fc', ttl: 86_400 },
        { list: 'deny', prefix: '198.51.100.0/24' },
      ]);
      const kept = ({ list, prefix, reason, expiresAt }: Rule) => ({ list, prefix, reason, expiresAt });
      const before = (await rules.list({ sort: 'prefix' })).rules.map(kept);
      const json = await textOf(rules.export({ format: 'json' }));
      for (const { prefix } of before) await rules.remove(prefix);
      await rules.import({ list: 'deny', data: bytes(json), format: 'json' });
      expect((await rules.list({ sort: 'prefix' })).rules.map(kept)).toEqual(before);
    });

    it('cannot put two lists into one text', async () => {
      await rejection(textOf(use().rules.export({ format: 'text' })), 'INVALID_INPUT');
    });

    it('can be left early', async () => {
      const { rules } = use();
      const lines = Array.from({ length: 20_000 }, (_, i) => `10.${i >> 8}.${i & 255}.1`).join('\n');
      await rules.import({ list: 'deny', data: bytes(lines) });
      for await (const chunk of rules.export({ list: 'deny', format: 'text' })) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
      expect(await rules.counts()).toEqual({ allow: 0, deny: 20_000 });
    });
  });
}
