import { useElementSize } from '@mantine/hooks';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useTable } from '@tanstack/react-table';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { type Column, definitions, features, fromSorting, type Sort, toSorting, type Visible } from './columns.ts';
import { ROW, useScaledVirtual } from './use-scaled-virtual.ts';
import classes from './virtual-table.module.css';

export type { Column, Sort } from './columns.ts';

interface Props<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly count: number;
  /** Undefined while it is not there yet. */
  readonly rowAt: (index: number) => T | undefined;
  readonly keyOf: (row: T) => string;
  /** Told which rows are on the screen, so that they can be fetched. */
  readonly onRange?: (first: number, end: number) => void;
  readonly sort?: Sort | null;
  readonly onSort?: (sort: Sort | null) => void;
  /** Shown instead of rows when there are none. */
  readonly empty: ReactNode;
}

/** A table of any length: only the rows on the screen exist, and only they are asked for. */
export function VirtualTable<T>(props: Props<T>) {
  const { label, columns, count, rowAt, keyOf, onRange, sort = null, onSort, empty } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const { ref: measured, width } = useElementSize();
  const { first, end, height, topOf, onKeyDown } = useScaledVirtual(count, scroller);

  useEffect(() => onRange?.(first, end), [onRange, first, end]);

  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);
  const defined = useMemo(() => definitions(columns), [columns]);
  const data = useMemo(
    () => Array.from({ length: end - first }, (_, at): Visible<T> => ({ index: first + at, item: rowAt(first + at) })),
    [first, end, rowAt],
  );
  const wide = (column: Column<T>) => width === 0 || width >= (column.from ?? 0);
  const table = useTable({
    features,
    columns: defined,
    data,
    getRowId: ({ index }) => String(index),
    manualSorting: true,
    enableMultiSort: false,
    state: {
      sorting: toSorting(sort),
      columnVisibility: Object.fromEntries(columns.map((column) => [column.id, wide(column)])),
    },
    onSortingChange: (change) => onSort?.(fromSorting(typeof change === 'function' ? change(toSorting(sort)) : change)),
  });
  const shown = columns.filter(wide);
  const grid = { gridTemplateColumns: shown.map((column) => column.track).join(' ') };

  return (
    <div className={classes.frame} ref={measured}>
      <div
        ref={scroller}
        role="table"
        aria-label={label}
        aria-rowcount={count + 1}
        className={classes.scroller}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <div role="rowgroup" className={classes.head}>
          <div role="row" aria-rowindex={1} className={classes.row} style={grid}>
            {table.getHeaderGroups()[0]?.headers.map(({ id, column: state }) => {
              const column = byId.get(id)!;
              const sorted = state.getIsSorted();
              return (
                <div
                  key={id}
                  role="columnheader"
                  aria-sort={sorted === false ? undefined : sorted === 'asc' ? 'ascending' : 'descending'}
                  className={column.numeric ? classes.number : classes.cell}
                >
                  {column.sortable ? (
                    <button type="button" className={classes.sort} onClick={state.getToggleSortingHandler()}>
                      {column.title}
                      {sorted === 'asc' && <IconArrowUp size={14} aria-hidden />}
                      {sorted === 'desc' && <IconArrowDown size={14} aria-hidden />}
                    </button>
                  ) : (
                    (column.heading ?? column.title)
                  )}
                </div>
              );
            })}
          </div>
        </div>
        {count === 0 ? (
          <div>{empty}</div>
        ) : (
          <div role="rowgroup" className={classes.body} style={{ height }}>
            {table.getRowModel().rows.map(({ original: { index, item } }) => (
              <div
                key={item === undefined ? index : keyOf(item)}
                role="row"
                aria-rowindex={index + 2}
                className={`${classes.row} ${classes.item}`}
                style={{ ...grid, height: ROW, transform: `translateY(${topOf(index)}px)` }}
              >
                {shown.map((column) => (
                  <div key={column.id} role="cell" className={column.numeric ? classes.number : classes.cell}>
                    {item === undefined ? <span className={classes.waiting} /> : column.cell(item)}
                  </div>
                ))}
              </div>
            ))}
          </div>
        )}
      </div>
    </div>
  );
}
