import {
  type ColumnDef,
  columnVisibilityFeature,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
} from '@tanstack/react-table';
import type { ReactNode } from 'react';

/** One column, as a page describes it. */
export interface Column<T> {
  readonly id: string;
  /** Its heading; also for those who hear it. */
  readonly title: string;
  /** Heading that is seen instead of the title. */
  readonly heading?: ReactNode;
  /** Width as a track of a CSS grid. */
  readonly track: string;
  /** Left out on screens narrower than this, CSS pixels. */
  readonly from?: number;
  readonly sortable?: boolean;
  readonly numeric?: boolean;
  readonly cell: (row: T) => ReactNode;
}

/** A row that is on the screen; its content may still be on its way. */
export interface Visible<T> {
  readonly index: number;
  readonly item: T | undefined;
}

export interface Sort {
  readonly id: string;
  readonly descending: boolean;
}

export const features = tableFeatures({ columnVisibilityFeature, rowSortingFeature });
export type Features = typeof features;

export function definitions<T>(columns: readonly Column<T>[]): ColumnDef<Features, Visible<T>>[] {
  return columns.map(({ id, sortable = false }) => ({
    id,
    accessorFn: (row: Visible<T>) => row.index,
    enableSorting: sortable,
    sortDescFirst: false,
  }));
}

export const toSorting = (sort: Sort | null): SortingState =>
  sort === null ? [] : [{ id: sort.id, desc: sort.descending }];

export function fromSorting([first]: SortingState): Sort | null {
  return first === undefined ? null : { id: first.id, descending: first.desc };
}
