import type { Figure } from './figures.ts';

const COLUMNS = ['', 'value', 'baseline', 'ratio', 'to reach', ''] as const;

/** The figures as text: names and words to the left, numbers to the right. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map(row);
  const widths = COLUMNS.map((title, i) => Math.max(title.length, ...rows.map((cells) => cells[i]!.length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (i === 0 || i > 3 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd();
  const lines = [line(COLUMNS)];
  for (const [i, one] of figures.entries()) {
    lines.push(line(rows[i]!));
    if (one.note !== null) lines.push(`    ${one.note}`);
  }
  return lines.join('\n');
}

function row({ name, unit, value, baseline, ratio, beside, target, met }: Figure): string[] {
  return [
    name,
    `${number(value)} ${unit}`,
    baseline === null ? '' : `${number(baseline)} (${beside})`,
    ratio === null ? '' : ratio.toFixed(2),
    target ?? '',
    met === null ? '' : met ? 'reached' : 'MISSED',
  ];
}

export function number(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en');
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
