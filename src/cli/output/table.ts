import type { Output } from './output.ts';
import type { StyleName } from './style.ts';
import { displayWidth, oneLine, pad, truncate } from './text.ts';

export interface Column<Row> {
  readonly title: string;
  value(row: Row): string;
  readonly right?: boolean;
  /** May be cut when the terminal is too narrow. */
  readonly shrink?: boolean;
  /** May be left out when cutting is not enough. */
  readonly optional?: boolean;
  style?(row: Row): StyleName | undefined;
}

const GAP = '  ';
/** A column that shrinks keeps so much. */
const MIN_WIDTH = 10;

/** Rows under headings that fit the terminal; without one, nothing is cut. */
export class Table<Row> {
  readonly #out: Output;
  #columns: readonly Column<Row>[];
  #widths: number[] | undefined;

  constructor(out: Output, columns: readonly Column<Row>[]) {
    this.#out = out;
    this.#columns = columns;
  }

  /** Prints rows, the headings before the first ones. Widths follow the first rows, so that pages line up. */
  async print(rows: readonly Row[]): Promise<void> {
    const cells = rows.map((row) => this.#columns.map((column) => oneLine(column.value(row))));
    if (this.#widths !== undefined) {
      await this.#out.write(cells.map((texts, i) => `${this.#line(texts, rows[i])}\n`).join(''));
      return;
    }
    const fitted = fitColumns(this.#columns, cells, this.#out.width);
    this.#columns = fitted.kept.map((index) => this.#columns[index]!);
    this.#widths = fitted.widths;
    const heading = this.#out.style.bold(this.#line(this.#columns.map(({ title }) => title)));
    const lines = cells.map((texts, i) =>
      this.#line(
        fitted.kept.map((index) => texts[index]!),
        rows[i],
      ),
    );
    await this.#out.write(`${[heading, ...lines].join('\n')}\n`);
  }

  #line(texts: readonly string[], row?: Row): string {
    const last = this.#columns.length - 1;
    const cells = this.#columns.map((column, i) => {
      const width = this.#widths![i]!;
      const cut = this.#out.width === undefined ? texts[i]! : truncate(texts[i]!, width);
      const padded = i === last && !column.right ? cut : pad(cut, width, column.right);
      const style = row === undefined ? undefined : column.style?.(row);
      return style === undefined ? padded : this.#out.style[style](padded);
    });
    return cells.join(GAP).trimEnd();
  }
}

interface Fitted {
  readonly kept: readonly number[];
  readonly widths: number[];
}

function fitColumns<Row>(
  columns: readonly Column<Row>[],
  cells: readonly string[][],
  width: number | undefined,
): Fitted {
  const natural = columns.map(({ title }, i) =>
    cells.reduce((widest, texts) => Math.max(widest, displayWidth(texts[i]!)), title.length),
  );
  let kept = columns.map((_, i) => i);
  while (true) {
    const widths = kept.map((index) => natural[index]!);
    let excess = width === undefined ? 0 : sum(widths) + GAP.length * (kept.length - 1) - width;
    for (const [at, index] of kept.entries()) {
      if (excess <= 0 || !columns[index]!.shrink) continue;
      const taken = Math.max(0, Math.min(excess, widths[at]! - MIN_WIDTH));
      widths[at] = widths[at]! - taken;
      excess -= taken;
    }
    const dropped = excess > 0 ? kept.findLast((index) => columns[index]!.optional) : undefined;
    if (dropped === undefined) return { kept, widths };
    kept = kept.filter((index) => index !== dropped);
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
