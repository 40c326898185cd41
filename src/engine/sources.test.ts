import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { MemoryDataPlane } from '../dataplane/memory.ts';
import { defaultConfig } from '../model/config.ts';
import { FileStore } from '../store/file-store.ts';
import { Engine } from './engine.ts';
import { openWorld, rulesOf, short, stateOf, type World } from './testing/engine.ts';

const directory = mkdtempSync(join(tmpdir(), 'netxfw-sources-'));
afterAll(() => rmSync(directory, { recursive: true }));

const feed = (world: World, source: string, prefixes: readonly string[], ttl?: number) =>
  world.engine.replaceSource(Buffer.from(prefixes.join('\n')), {
    source,
    list: 'deny',
    ...(ttl === undefined ? {} : { ttl }),
  });

describe('what sources want', () => {
  it('does nothing when nothing is new', async () => {
    const world = await openWorld();
    await feed(world, 'feed:a', ['192.0.2.1', '192.0.2.2']);
    world.time += 5000;
    const before = stateOf(world);
    expect(await feed(world, 'feed:a', ['192.0.2.2', '192.0.2.1'])).toMatchObject({ added: 0, removed: 0, kept: 2 });
    expect(stateOf(world)).toEqual(before);
    expect(world.events).toHaveLength(1);
  });

  it('leaves everything as it was when the store refuses', async () => {
    const world = await openWorld();
    await world.engine.add({ list: 'deny', prefix: '192.0.2.1' });
    await feed(world, 'feed:a', ['192.0.2.1', '192.0.2.2']);
    const before = stateOf(world);
    world.store.refusing = true;
    await expect(feed(world, 'feed:a', ['192.0.2.3'])).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED' });
    world.store.refusing = false;
    expect(stateOf(world)).toEqual(before);
    expect(await feed(world, 'feed:a', ['192.0.2.3'])).toMatchObject({ added: 1, removed: 2 });
    expect(short(world.engine)).toEqual(['-192.0.2.1', '-192.0.2.3']);
  });

  it('forgets a claim that has ended when another one goes', async () => {
    const world = await openWorld();
    await feed(world, 'feed:a', ['192.0.2.1'], 60);
    await feed(world, 'feed:b', ['192.0.2.1']);
    world.time += 61_000;
    await feed(world, 'feed:b', []);
    expect(short(world.engine)).toEqual([]);
  });

  it('leaves entries of config.yaml alone', async () => {
    const world = await openWorld({ whitelist: ['192.0.2.1'] });
    const data = Buffer.from('192.0.2.1\n192.0.2.2\n');
    const result = await world.engine.replaceSource(data, { source: 'feed:a', list: 'allow' });
    expect(result).toMatchObject({ added: 1, entries: 1 });
    expect(result.notices.join()).toContain('config.yaml');
    await world.engine.replaceSource(Buffer.from(''), { source: 'feed:a', list: 'allow' });
    expect(rulesOf(world.engine)).toMatchObject([{ prefix: '192.0.2.1', source: 'config' }]);
  });

  it('survives a restart with every claim', async () => {
    const files = { rulesFile: join(directory, 'rules.json'), journalFile: join(directory, 'rules.journal') };
    const open = () =>
      Engine.open({ dataplane: new MemoryDataPlane(), store: new FileStore(files), config: defaultConfig() });
    let engine = await open();
    const want = (source: string, text: string) =>
      engine.replaceSource(Buffer.from(text), { source, list: 'deny', reason: `of ${source}` });
    await want('feed:a', '192.0.2.1\n2001:db8::/32\n');
    await want('feed:b', '192.0.2.1\n');
    await engine.add({ list: 'deny', prefix: '192.0.2.1', ttl: 3600 });
    for (const round of ['journal', 'snapshot']) {
      const before = rulesOf(engine);
      await engine.close();
      engine = await open();
      expect(rulesOf(engine), round).toEqual(before);
      expect(engine.sources(), round).toMatchObject([
        { source: 'feed:a', entries: 2, shared: 1 },
        { source: 'feed:b', entries: 1, shared: 1 },
        { source: 'user', entries: 1, shared: 1 },
      ]);
      // More than a journal takes: the next start reads rules.json.
      const many = Array.from({ length: 10_001 }, (_, i) => `10.${i >> 8}.${i & 255}.1`).join('\n');
      await want('feed:many', many);
      await want('feed:many', '');
    }
    await want('feed:a', '');
    await want('feed:b', '');
    expect(rulesOf(engine)).toMatchObject([{ prefix: '192.0.2.1', source: 'user' }]);
    await engine.close();
  });

  it('agrees with plain sets, whatever sources and people do in whatever order', async () => {
    const prefix = fc.integer({ min: 0, max: 11 }).map((i) => (i < 8 ? `192.0.2.${i}` : `2001:db8::${i}`));
    const who = fc.constantFrom('feed:a', 'feed:b', 'crowdsec:x');
    const step = fc.oneof(
      fc.record({ kind: fc.constant('replace' as const), who, prefixes: fc.array(prefix, { maxLength: 12 }) }),
      fc.record({ kind: fc.constant('update' as const), who, prefixes: fc.array(prefix), gone: fc.array(prefix) }),
      fc.record({ kind: fc.constant('user' as const), prefixes: fc.array(prefix, { minLength: 1, maxLength: 3 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const world = await openWorld();
        const sets = new Map<string, Set<string>>();
        const setOf = (name: string) => {
          if (!sets.has(name)) sets.set(name, new Set());
          return sets.get(name)!;
        };
        for (const one of steps) {
          if (one.kind === 'user') {
            await world.engine.addMany(one.prefixes.map((text) => ({ list: 'deny', prefix: text })));
            for (const text of one.prefixes) setOf('user').add(text);
          } else if (one.kind === 'replace') {
            const result = await feed(world, one.who, one.prefixes);
            const before = setOf(one.who);
            const after = new Set(one.prefixes);
            expect(result.entries).toBe(after.size);
            expect(result.kept).toBe([...after].filter((text) => before.has(text)).length);
            expect(result.removed).toBe([...before].filter((text) => !after.has(text)).length);
            sets.set(one.who, after);
          } else {
            const add = one.prefixes.map((text) => ({ prefix: text }));
            await world.engine.updateSource({ source: one.who, list: 'deny', add, remove: one.gone });
            for (const text of one.gone) setOf(one.who).delete(text);
            for (const text of one.prefixes) setOf(one.who).add(text);
          }
        }
        const wanted = new Map<string, string[]>();
        for (const [name, set] of sets) for (const text of set) wanted.set(text, [...(wanted.get(text) ?? []), name]);
        const found = rulesOf(world.engine).map(
          ({ prefix: text, source, otherSources = [] }) => [text, [source, ...otherSources].sort()] as const,
        );
        expect(new Map(found)).toEqual(new Map([...wanted].map(([text, names]) => [text, names.sort()])));
        const restarted = await openWorld({ from: world });
        expect(rulesOf(restarted.engine)).toEqual(rulesOf(world.engine));
      }),
      { numRuns: 60 },
    );
  });
});
