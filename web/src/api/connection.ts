import type { Outcome } from './fetch-transport.ts';
import { createStore } from './store.ts';

export interface Connection {
  readonly state: 'up' | 'down';
  /** Unix milliseconds of the last answer; null before the first. */
  readonly lastAnswer: number | null;
  /** The session is over, or there was none. */
  readonly loggedOut: boolean;
}

export const connection = createStore<Connection>({ state: 'up', lastAnswer: null, loggedOut: false });

export function noteOutcome(outcome: Outcome): void {
  const before = connection.get();
  if (outcome === 'unreachable') {
    if (before.state === 'up') connection.set({ ...before, state: 'down' });
    return;
  }
  const loggedOut = outcome === 'unauthorized';
  // A page follows each answer's time only while it matters: when the daemon is gone.
  if (before.state === 'up' && before.loggedOut === loggedOut) {
    connection.quietly({ ...before, lastAnswer: Date.now() });
    return;
  }
  connection.set({ state: 'up', lastAnswer: Date.now(), loggedOut });
}
