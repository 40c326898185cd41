import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFiles } from './files.ts';
import { PluginValuesFile } from './plugin-values.ts';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'nxt-values-'));
  file = join(directory, 'state/plugins.json');
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('values of plugins', () => {
  it('are on disk when set resolves, apart by plugin', async () => {
    const values = new PluginValuesFile(file);
    await Promise.all([values.set('a', 'key', { n: 1 }), values.set('b', 'key', [2]), values.set('a', 'other', null)]);
    const again = new PluginValuesFile(file);
    expect(again.get('a', 'key')).toEqual({ n: 1 });
    expect(again.get('b', 'key')).toEqual([2]);
    expect(again.get('c', 'key')).toBeUndefined();
    expect(again.keys('a')).toEqual(['key', 'other']);
    expect(await again.delete('a', 'key')).toBe(true);
    expect(await again.delete('a', 'key')).toBe(false);
    expect(new PluginValuesFile(file).keys('a')).toEqual(['other']);
  });

  it('are refused when they are too large', () => {
    const values = new PluginValuesFile(file);
    expect(() => values.set('a', 'key', 'x'.repeat(1024 * 1024))).toThrow(/too large/);
    expect(values.get('a', 'key')).toBeUndefined();
  });

  it('say so when they cannot be written', async () => {
    const broken = {
      ...nodeFiles,
      rename: () => {
        throw new Error('no space');
      },
    };
    const values = new PluginValuesFile(file, broken);
    await expect(values.set('a', 'key', 1)).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED' });
  });

  it('start anew when the file is damaged, of which a copy is kept', async () => {
    await new PluginValuesFile(file).set('a', 'key', 1);
    writeFileSync(file, '{"format":"netxfw-plugin-va');
    const values = new PluginValuesFile(file);
    const copy = /a copy is kept as ([^;]+);/.exec(values.warning!)![1]!;
    expect(values.get('a', 'key')).toBeUndefined();
    expect(readFileSync(copy, 'utf8')).toContain('netxfw-plugin-va');
    await values.set('a', 'key', 2);
    expect(existsSync(file)).toBe(true);
    expect(new PluginValuesFile(file).warning).toBeNull();
  });

  it('of an older version are read', () => {
    mkdirSync(join(directory, 'state'));
    writeFileSync(file, '{"format":"netxfw-plugin-values","version":1,"values":{"a":{"key":[1]}}}\n');
    expect(new PluginValuesFile(file).get('a', 'key')).toEqual([1]);
  });
});
