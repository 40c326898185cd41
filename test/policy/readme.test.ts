import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { files, ROOT, read } from './sources.ts';

const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
const readme = read('README.md');

describe('the README', () => {
  it('names npm scripts that exist', () => {
    const named = [...readme.matchAll(/npm (?:run )?(start|test|[a-z]+:[a-z]+|(?<=run )[a-z:]+)/g)].map((m) => m[1]!);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('gives the test command that the CI runs', () => {
    expect(readme).toContain('sudo npm test');
    expect(read('.ci/run')).toMatch(/^exec npm test$/m);
  });
});

it('npm scripts call files that exist', () => {
  const called = Object.values(scripts).flatMap((command) => command.match(/^scripts\/\S+/) ?? []);
  expect(called.length).toBeGreaterThan(5);
  expect(called.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

it('has no dead link between its documents', () => {
  const dead = files(/\.md$/).flatMap((page) =>
    [...read(page).matchAll(/\]\(((?!https?:|#|mailto:)[^)\s]+)\)/g)]
      .map((m) => m[1]!.split('#')[0]!)
      .filter((target) => !existsSync(join(ROOT, dirname(page), target)))
      .map((target) => `${page}: ${target}`),
  );
  expect(dead).toEqual([]);
});

it('test tiers of test/tiers.json all have an npm script and tests', () => {
  const tiers = JSON.parse(read('test/tiers.json')) as { name: string }[];
  for (const { name } of tiers) {
    expect(scripts[`test:${name}`], name).toBe(`scripts/test.sh ${name}`);
    const tests = files(name === 'unit' ? /^src\/.*\.test\.ts$/ : new RegExp(`^test/${name}/.*\\.test\\.ts$`));
    expect(tests.length, name).toBeGreaterThan(0);
  }
});
