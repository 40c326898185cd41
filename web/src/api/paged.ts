import { type QueryKey, useQueries } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';

/** Rows of one request. */
const PAGE = 200;
const REFRESH = 5000;

export interface RowPage<T> {
  readonly rows: readonly T[];
  readonly total: number;
}

export interface Paged<T> {
  readonly total: number;
  readonly rowAt: (index: number) => T | undefined;
  readonly onRange: (first: number, end: number) => void;
  /** Nothing has come yet. */
  readonly loading: boolean;
  readonly error: unknown;
  readonly refetch: () => void;
}

/** Rows that the server keeps, fetched by pages as they come into sight, and anew while they are. */
export function usePaged<T>(
  key: QueryKey,
  fetchPage: (offset: number, limit: number) => Promise<RowPage<T>>,
): Paged<T> {
  const [range, setRange] = useState({ first: 0, end: PAGE });
  const from = Math.floor(range.first / PAGE);
  const to = Math.max(from, Math.floor((range.end - 1) / PAGE));
  const pages = Array.from({ length: to - from + 1 }, (_, at) => from + at);
  const queries = useQueries({
    queries: pages.map((page) => ({
      queryKey: [...key, page],
      queryFn: () => fetchPage(page * PAGE, PAGE),
      refetchInterval: REFRESH,
      staleTime: REFRESH,
    })),
  });
  const loaded = queries.map(({ data }) => data);
  // The answers themselves say whether anything has changed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const byPage = useMemo(() => new Map(pages.map((page, at) => [page, loaded[at]])), [from, to, ...loaded]);
  const rowAt = useCallback((index: number) => byPage.get(Math.floor(index / PAGE))?.rows[index % PAGE], [byPage]);
  const onRange = useCallback((first: number, end: number) => setRange({ first, end }), []);
  const known = loaded.find((page) => page !== undefined);
  const [total, setTotal] = useState(0);
  // While the next page is on its way the table keeps its length.
  if (known !== undefined && known.total !== total) setTotal(known.total);
  return {
    total: known?.total ?? total,
    rowAt,
    onRange,
    loading: known === undefined && total === 0,
    error: queries.find(({ error }) => error)?.error ?? null,
    refetch: () => {
      for (const query of queries) void query.refetch();
    },
  };
}
