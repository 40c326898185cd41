import { QueryClient } from '@tanstack/react-query';
import { connection } from './connection.ts';

/** Failures are shown, not hidden behind attempts; what is polled asks again by itself. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: false, staleTime: 2000, networkMode: 'always', refetchOnWindowFocus: true },
    mutations: { networkMode: 'always' },
  },
});

let wasDown = false;
// When the daemon is back, everything that is on the page is read anew.
connection.subscribe(() => {
  const down = connection.get().state === 'down';
  if (wasDown && !down) void queryClient.invalidateQueries();
  wasDown = down;
});
