import { describe, expect, it } from 'vitest';
import { Output, type Sink } from './output.ts';
import { type Column, Table } from './table.ts';
import { displayWidth } from './text.ts';

interface Row {
  readonly name: string;
  readonly count: string;
  readonly text: string;
  readonly extra: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'name', value: ({ name }) => name },
  { title: 'count', value: ({ count }) => count, right: true },
  { title: 'text', value: ({ text }) => text, shrink: true },
  { title: 'extra', value: ({ extra }) => extra, optional: true },
];

const row = (name: string, text: string): Row => ({ name, count: '12', text, extra: 'e'.repeat(12) });

async function print(pages: readonly Row[][], columns?: number): Promise<string[]> {
  let text = '';
  const stdout: Sink = {
    isTTY: columns !== undefined,
    columns: columns ?? 0,
    write: (chunk, done) => {
      text += String(chunk);
      done();
    },
    on: () => {},
  };
  const out = new Output({ stdout, stderr: stdout, variables: {} }, { 'no-color': true });
  const table = new Table(out, COLUMNS);
  for (const page of pages) await table.print(page);
  return text.split('\n').slice(0, -1);
}

describe('a table', () => {
  it('is as wide as its cells when nobody watches', async () => {
    expect(await print([[row('a', 'x'.repeat(200))]])).toEqual([
      `name  count  ${'text'.padEnd(200)}  extra`,
      `a        12  ${'x'.repeat(200)}  ${'e'.repeat(12)}`,
    ]);
  });

  it.each([30, 41, 60, 80])('fits %i columns', async (columns) => {
    const lines = await print([[row('a', 'word '.repeat(30)), row('b'.repeat(8), '办公室'.repeat(20))]], columns);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    expect(lines[0]).toMatch(/^name +count +text/);
    expect(lines[0]!.includes('extra')).toBe(columns >= 41);
  });

  it('lines later pages up with the first, without a second heading', async () => {
    const [heading, first, later, ...rest] = await print([[row('abc', 'text')], [row('z', 'more')]]);
    expect(rest).toEqual([]);
    expect(later!.indexOf('more')).toBe(heading!.indexOf('text'));
    expect(first!.indexOf('12')).toBe(later!.indexOf('12'));
  });

  it('prints no control character of a cell', async () => {
    expect((await print([[row('a', '\x1b[31mred\nline')]])).at(-1)).toContain('\ufffd[31mred line');
  });
});
