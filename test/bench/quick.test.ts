import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { BENCHMARKS } from '../../bench/benchmarks.ts';
import { type Figure, figure } from '../../bench/figures.ts';
import type { RunDocument } from '../../bench/report/document.ts';
import { page } from '../../bench/report/page.ts';
import { ROOT } from '../../bench/support/objects.ts';
import { ownedDirectory } from '../support/owned.ts';

beforeAll(() => {
  execFileSync(join(ROOT, 'scripts/build-bpf.sh'), ['bench'], { stdio: 'ignore' });
});

/** A benchmark judges its own packets and counters, and throws when they are wrong; no figure is compared with a time. */
async function quickly(name: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  const run = await BENCHMARKS[name]!();
  await run({ quick: true, report: (input) => figures.push(figure(input)), say: () => {} });
  return figures;
}

describe('benchmarks', () => {
  it.each(Object.keys(BENCHMARKS))(
    '%s runs, and its counters add up',
    async (name) => {
      const figures = await quickly(name);
      expect(figures.length).toBeGreaterThan(0);
      expect(new Set(figures.map((one) => one.name)).size).toBe(figures.length);
      for (const one of figures) {
        expect(one.name.startsWith(`${name}.`), one.name).toBe(true);
        expect(Number.isFinite(one.value) && one.value >= 0, one.name).toBe(true);
        expect(one.baseline === null, `${one.name} has a baseline without a name, or the other way round`).toBe(
          one.beside === null,
        );
      }
    },
    300_000,
  );

  it('write what the page on performance is made of', () => {
    const file = join(ownedDirectory('bench'), 'run.json');
    execFileSync(join(ROOT, 'scripts/bench.sh'), ['cli', '--quick', '--json', file], { stdio: 'ignore' });
    const run = JSON.parse(readFileSync(file, 'utf8')) as RunDocument;
    expect(run).toMatchObject({ version: 1, quick: true });
    expect(run.figures.map(({ name }) => name)).toEqual(['cli.deny', 'cli.list', 'cli.stats']);
    for (const { name } of run.figures) expect(page(run)).toContain(`\`${name}\``);
  }, 300_000);
});
