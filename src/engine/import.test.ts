import { describe, expect, it } from 'vitest';
import type { ImportProgress } from '../model/rules.ts';
import { openWorld, START, short, stateOf } from './testing/engine.ts';

const bytes = (text: string) => Buffer.from(text);
const DENY = { list: 'deny' as const };

describe('import', () => {
  it('adds a text file at once and says what it did', async () => {
    const world = await openWorld();
    await world.engine.add({ list: 'deny', prefix: '192.0.2.1' });
    const result = await world.engine.import(
      bytes('192.0.2.1\n192.0.2.2\t7\n192.0.2.2 # again\n192.0.2.1\n2001:db8::/32\n'),
      {
        ...DENY,
        reason: 'feed',
      },
    );
    expect(result).toEqual({
      list: 'deny',
      read: 5,
      added: 2,
      replaced: 1,
      unchanged: 0,
      duplicates: 2,
      invalid: 0,
      invalidLines: [],
      notices: [],
    });
    expect(stateOf(world).rules).toMatchObject([
      { prefix: '192.0.2.1', reason: 'feed', source: 'import' },
      { prefix: '192.0.2.2', reason: 'feed', source: 'import' },
      { prefix: '2001:db8::/32', reason: 'feed', source: 'import' },
    ]);
    expect(world.events.at(-1)).toMatchObject({ type: 'rules', list: 'deny', added: 3, removed: 0 });
  });

  it('finds nothing new the second time, and does nothing', async () => {
    const world = await openWorld();
    const text = bytes('192.0.2.1\n192.0.2.2\n192.0.2.1\n');
    await world.engine.import(text, DENY);
    world.time += 5000;
    const before = stateOf(world);
    expect(await world.engine.import(text, DENY)).toMatchObject({
      read: 3,
      added: 0,
      replaced: 0,
      unchanged: 2,
      duplicates: 1,
    });
    expect(stateOf(world)).toEqual(before);
    expect(world.events).toHaveLength(1);
  });

  it('imports nothing when a line is invalid, and names it', async () => {
    const world = await openWorld();
    const text = bytes('192.0.2.1\n\nfoo\n192.0.2.2\n192.0.2.300\n');
    await expect(world.engine.import(text, { ...DENY, name: 'bad.txt' })).rejects.toMatchObject({
      code: 'INVALID_FILE_LINES',
      message: 'bad.txt:3: "foo" is not an IP address or network; 2 lines are invalid, nothing was imported',
      details: {
        read: 2,
        invalid: 2,
        invalidLines: [
          { line: 3, text: 'foo' },
          { line: 5, text: '192.0.2.300' },
        ],
      },
    });
    expect(short(world.engine)).toEqual([]);
    expect(await world.engine.import(text, { ...DENY, skipInvalid: true })).toMatchObject({
      read: 2,
      added: 2,
      invalid: 2,
    });
    expect(short(world.engine)).toEqual(['-192.0.2.1', '-192.0.2.2']);
  });

  it('lengthens lives and never shortens one', async () => {
    const { engine } = await openWorld();
    await engine.addMany([
      { list: 'deny', prefix: '192.0.2.1' },
      { list: 'deny', prefix: '192.0.2.2', ttl: 60, reason: 'kept' },
      { list: 'deny', prefix: '192.0.2.3', ttl: 7200 },
    ]);
    const text = bytes('192.0.2.1\n192.0.2.2\n192.0.2.3\n192.0.2.4\n');
    expect(await engine.import(text, { ...DENY, ttl: 3600 })).toMatchObject({ added: 1, replaced: 1, unchanged: 2 });
    const times = () => engine.list().rules.map(({ expiresAt }) => expiresAt && (Date.parse(expiresAt) - START) / 1000);
    expect(times()).toEqual([null, 3600, 7200, 3600]);
    expect(engine.list({ search: '192.0.2.2' }).rules).toMatchObject([{ reason: 'kept' }]);
    expect(await engine.import(text, DENY)).toMatchObject({ replaced: 3, unchanged: 1 });
    expect(times()).toEqual([null, null, null, null]);
  });

  it('says what is masked, whitelisted, denied too, or empty', async () => {
    const { engine } = await openWorld();
    await engine.addMany([
      { list: 'allow', prefix: '192.0.2.0/28' },
      { list: 'allow', prefix: '2001:db8::1' },
    ]);
    expect(await engine.import(bytes('192.0.2.1\n192.0.2.2\n192.0.2.99\n10.1.2.3/8\n'), DENY)).toMatchObject({
      notices: [
        '1 line has host bits, taken as: 10.1.2.3/8 -> 10.0.0.0/8',
        '2 of the entries are whitelisted, so that this deny has no effect, such as 192.0.2.1 (by 192.0.2.0/28)',
      ],
    });
    expect(await engine.import(bytes('2001:db8::1\n'), DENY)).toMatchObject({
      notices: ['1 of the entries is whitelisted, so that this deny has no effect, such as 2001:db8::1'],
    });
    expect(await engine.import(bytes('10.9.9.9\n'), { list: 'allow' })).toMatchObject({
      notices: ['1 of the entries is denied too: the whitelist has priority, such as 10.9.9.9 (by 10.0.0.0/8)'],
    });
    expect(await engine.import(bytes('# nothing\n'), { ...DENY, name: 'empty.txt' })).toMatchObject({
      read: 0,
      notices: ['empty.txt holds no addresses'],
    });
  });

  it('refuses compressed data and impossible options', async () => {
    const { engine } = await openWorld();
    await expect(engine.import(Buffer.from([0x1f, 0x8b, 8]), { ...DENY, name: 'x.gz' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: 'x.gz is compressed',
    });
    await expect(engine.import(bytes('192.0.2.1\n'), { ...DENY, ttl: -1 })).rejects.toMatchObject({
      code: 'INVALID_DURATION',
    });
    await expect(engine.import(bytes('192.0.2.1\n'), { ...DENY, reason: 'x'.repeat(64) })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });

  it('tells its progress, and goes on when the listener throws', async () => {
    const { engine } = await openWorld();
    const seen: ImportProgress[] = [];
    const onProgress = (progress: ImportProgress) => {
      seen.push(progress);
      throw new Error('listener');
    };
    await engine.import(bytes('192.0.2.1\n192.0.2.2\n'), { ...DENY, onProgress });
    expect(seen).toEqual([
      { done: 0, total: 2, phase: 'read' },
      { done: 0, total: 2, phase: 'apply' },
      { done: 2, total: 2, phase: 'store' },
      { done: 2, total: 2, phase: 'store' },
    ]);
    expect(engine.counts().deny).toBe(2);
  });
});

describe('export', () => {
  async function filled() {
    const world = await openWorld({ whitelist: ['203.0.113.0/24'] });
    await world.engine.addMany([
      { list: 'deny', prefix: '192.0.2.1', reason: 'a "quoted", reason' },
      { list: 'deny', prefix: '192.0.2.0/24', ttl: 3600 },
      { list: 'deny', prefix: '2001:db8::/32' },
      { list: 'allow', prefix: '198.51.100.1', reason: 'office' },
    ]);
    return world;
  }
  const joined = (chunks: Iterable<Uint8Array>) => Buffer.concat([...chunks]);

  it('round-trips as JSON with reasons, times and expiry', async () => {
    const { engine } = await filled();
    const json = joined(engine.export());
    const other = await openWorld();
    other.time = START + 60_000;
    for (const list of ['allow', 'deny'] as const) await other.engine.import(json, { list });
    const rules = (from: typeof engine) =>
      from.list().rules.map((rule) => ({ ...rule, source: rule.source.replace('config', 'import') }));
    expect(rules(other.engine)).toEqual(rules(engine));
    const again = await other.engine.import(json, { list: 'deny', name: 'rules.json' });
    expect(again).toMatchObject({
      added: 0,
      replaced: 0,
      unchanged: 3,
      notices: ['2 entries of the allow list in rules.json are left out'],
    });
  });

  it('leaves out of a JSON import what has ended', async () => {
    const { engine } = await filled();
    const json = joined(engine.export({ list: 'deny', format: 'json' }));
    const other = await openWorld();
    other.time = START + 3600_000;
    expect(await other.engine.import(json, { ...DENY, format: 'json', name: 'r' })).toMatchObject({
      added: 2,
      notices: ['1 entries in r have expired and are left out'],
    });
    expect(await other.engine.import(json, { ...DENY, ttl: 5 })).toMatchObject({ added: 1, unchanged: 2 });
  });

  it('round-trips addresses as text', async () => {
    const { engine } = await filled();
    const text = joined(engine.export({ list: 'deny' })).toString();
    expect(text).toContain('# netxfw deny list, 3 entries, 2026-01-02T03:04:05.678Z\n');
    expect(text).toContain('reason: a "quoted", reason\n192.0.2.1\n');
    const other = await openWorld();
    expect(await other.engine.import(bytes(text), DENY)).toMatchObject({ added: 3, invalid: 0 });
    expect(short(other.engine)).toEqual(short(engine).filter((entry) => entry.startsWith('-')));
  });

  it('shows the moment of the call', async () => {
    const { engine } = await filled();
    const chunks = engine.export({ list: 'deny' });
    await engine.remove('192.0.2.1');
    expect(joined(chunks).toString()).toContain('\n192.0.2.1\n');
  });

  it('refuses both lists in one text, and unknown formats', async () => {
    const { engine } = await filled();
    expect(() => engine.export({ format: 'text' })).toThrow(/a text export holds one list/);
    expect(() => engine.export({ list: 'deny', format: 'xml' as 'text' })).toThrow(/"xml" is not an export format/);
  });

  it.each([
    ['{', /JSON/],
    ['{"version": 1}', /not a document of the format "netxfw-rules"/],
    ['{"version": 1, "format": "netxfw-rules", "groups": 3}', /"groups" must be a list/],
    ['{"version": 1, "format": "netxfw-rules", "groups": [{"list": "deny"}]}', /groups\[0\]: "entries" must be a list/],
    ['{"version": 9}', /newer netxfw/],
  ])('says what is wrong with %s', async (text, message) => {
    const { engine } = await openWorld();
    await expect(engine.import(bytes(text), { ...DENY, name: 'r.json' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(message),
    });
  });
});
