import { useInfiniteQuery } from '@tanstack/react-query';
import { netxfw } from './netxfw.ts';

const PAGE = 50;
const REFRESH = 5000;

/** The audit log by pages, the newest first. */
export const useAudit = (search: string) =>
  useInfiniteQuery({
    queryKey: ['audit', search],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam }) =>
      netxfw.system.audit({
        limit: PAGE,
        ...(search === '' ? {} : { search }),
        ...(pageParam === undefined ? {} : { before: pageParam }),
      }),
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchInterval: REFRESH,
    placeholderData: (before) => before,
  });
