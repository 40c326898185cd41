import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, describe, expect, it } from 'vitest';
import type { DataPlane } from '../dataplane/dataplane.ts';
import { MemoryDataPlane } from '../dataplane/memory.ts';
import { defaultConfig } from '../model/config.ts';
import { FileStore } from '../store/file-store.ts';
import { Engine } from './engine.ts';

const COUNT = 1_000_000;
const MEGABYTE = 1e6;

/** Different addresses in no order: multiplication by an odd number permutes the 32-bit numbers. */
const addressOf = (i: number) => Math.imul(i + 1, 2_654_435_761) >>> 0;
const textOf = (address: number) => [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');

/** A data plane that holds nothing, so that the memory measured is the engine's. */
class Blind extends MemoryDataPlane {
  override applyLists(): void {}
  override reconcileLists(): ReturnType<DataPlane['reconcileLists']> {
    return { added: 0, removed: 0 };
  }
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

function memory(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const openIn = (directory: string) =>
  Engine.open({
    dataplane: new Blind(),
    store: new FileStore({ rulesFile: join(directory, 'rules.json'), journalFile: join(directory, 'rules.journal') }),
    config: defaultConfig(),
  });

const state = mkdtempSync(join(tmpdir(), 'netxfw-million-'));
afterAll(() => rmSync(state, { recursive: true }));

describe('a million denied hosts', () => {
  it('take at most 30 MB, are found, listed, searched, stored and read back', async () => {
    const lines: string[] = [];
    for (let i = 0; i < COUNT; i++) lines.push(textOf(addressOf(i)));
    const data = Buffer.from(lines.join('\n'));
    lines.length = 0;
    const engine = await openIn(state);
    const before = memory();
    expect(await engine.import(data, { list: 'deny' })).toMatchObject({ read: COUNT, added: COUNT, duplicates: 0 });
    // Memory of freed arrays is given back by another thread, whenever it comes to it.
    await expect.poll(() => memory() - before, { timeout: 15_000 }).toBeLessThan(30 * MEGABYTE);

    expect(await engine.import(data, { list: 'deny' })).toMatchObject({ added: 0, unchanged: COUNT });
    for (let i = 0; i < COUNT; i += 99_999) {
      expect(engine.match(textOf(addressOf(i)))).toMatchObject([{ verdict: 'DROP_DENIED_HOST' }]);
      expect(engine.list({ search: textOf(addressOf(i)) }).total).toBe(1);
    }
    const sorted = Uint32Array.from({ length: COUNT }, (_, i) => addressOf(i)).sort();
    const page = engine.list({ offset: 500_000, limit: 1000 }).rules.map(({ prefix }) => prefix);
    expect(page).toEqual([...sorted.subarray(500_000, 501_000)].map(textOf));
    const inside = sorted.filter((address) => address >>> 16 === 0x0a01).length;
    expect(engine.list({ search: '10.1.', limit: 1 }).total).toBe(inside);
    expect(inside).toBeGreaterThan(0);

    await engine.add({ list: 'deny', prefix: '2001:db8::/32', reason: 'by hand' });
    await engine.remove(textOf(addressOf(12_345)));
    await engine.close();
    const again = await openIn(state);
    expect(again.counts()).toEqual({ allow: 0, deny: COUNT });
    expect(again.match(textOf(addressOf(12_345)))).toEqual([]);
    expect(again.match(textOf(addressOf(12_346)))).toHaveLength(1);
    expect(again.list({ search: 'by hand' }).rules).toMatchObject([{ prefix: '2001:db8::/32' }]);
    await again.close();
  }, 60_000);
});
