import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltPrograms, buildPluginPrograms } from '../../test/support/plugin-programs.ts';
import { check } from './check.ts';

let programs: BuiltPrograms;
let directory: string;
beforeAll(async () => {
  programs = await buildPluginPrograms();
  directory = mkdtempSync(join(tmpdir(), 'nxt-check-'));
  const started = join(directory, 'started');
  writeFileSync(
    join(directory, 'plugin.mjs'),
    `import { writeFileSync } from 'node:fs';
     import { definePlugin } from 'netxfw/plugin';
     const schema = { parse(value) { if (typeof value?.n !== 'number') throw new Error('n must be a number'); return value; } };
     export default definePlugin({ name: 'tested', schema, setup() { writeFileSync(${JSON.stringify(started)}, ''); } });`,
  );
  writeFileSync(join(directory, 'none.mjs'), 'export default 1;');
}, 60_000);
afterAll(() => {
  programs[Symbol.dispose]();
  rmSync(directory, { recursive: true });
});

function checked(plugins: string) {
  const config = join(directory, 'config.yaml');
  writeFileSync(config, `mode: enforce\nplugins:\n${plugins}`);
  return check({ config, pluginPrograms: programs });
}

describe('checking a configuration', () => {
  it('has plugins look at their own sections, and starts none', async () => {
    expect((await checked('  - { module: plugin.mjs, config: { n: 1 } }\n')).file).toContain('config.yaml');
    expect(existsSync(join(directory, 'started'))).toBe(false);
  });

  it('names the line, the plugin and what is wrong, for each', async () => {
    const wrong = checked(
      '  - { module: plugin.mjs, config: { n: 1 } }\n  - { module: plugin.mjs, config: { n: x } }\n  - { module: none.mjs }\n  - { module: missing.mjs }\n',
    );
    await expect(wrong).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(
        /config\.yaml:4: plugins\[1\] cannot be used: .*plugin\.mjs: .*n must be a number \(and 2 more\)/,
      ),
      details: {
        problems: [
          { line: 4, key: 'plugins[1]' },
          { line: 5, key: 'plugins[2]', message: expect.stringContaining('no plugin') },
          { line: 6, key: 'plugins[3]', message: expect.stringContaining('missing.mjs') },
        ],
      },
    });
    expect(existsSync(join(directory, 'started'))).toBe(false);
  });
});
