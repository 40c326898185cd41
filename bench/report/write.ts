import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/objects.ts';
import { figuresOf, type RunDocument } from './document.ts';
import { page } from './page.ts';
import { type Series, svg } from './plot.ts';

/** Writes docs/explanation/performance.md and its plots. @param file JSON of a run */
export function writeReport(file: string): void {
  const run = JSON.parse(readFileSync(file, 'utf8')) as RunDocument;
  const images = join(ROOT, 'docs/images');
  mkdirSync(images, { recursive: true });
  writeFileSync(join(ROOT, 'docs/explanation/performance.md'), `${page(run).trimEnd()}\n`);
  const over = series(run, 'scale.packet', ({ value, baseline }) => Math.max(0, value - (baseline ?? 0)));
  writeFileSync(
    join(images, 'scale-packet.svg'),
    svg({
      title: 'ns per packet beyond parsing, everything on',
      x: 'entries',
      y: 'ns',
      yScale: 'linear',
      series: over,
    }),
  );
  const rivals = series(run, 'scale.load', ({ baseline }) => baseline ?? 0);
  const own = series(run, 'scale.load', ({ value }) => value)[0];
  const loads = own === undefined ? rivals : [{ ...own, name: 'netxfw' }, ...rivals];
  writeFileSync(
    join(images, 'scale-load.svg'),
    svg({ title: 'Loading addresses', x: 'addresses', y: 'ms', yScale: 'log', series: loads }),
  );
}

/** One line for each kind, from figures named PREFIX.KIND.ENTRIES. */
function series(
  run: RunDocument,
  prefix: string,
  y: (figure: { readonly value: number; readonly baseline: number | null }) => number,
): Series[] {
  const lines = new Map<string, [number, number][]>();
  for (const [name, figure] of figuresOf(run, prefix)) {
    const [kind, entries] = name.split('.') as [string, string];
    lines.set(kind, [...(lines.get(kind) ?? []), [Number(entries), y(figure)]]);
  }
  return [...lines].map(([name, points]) => ({ name, points }));
}
