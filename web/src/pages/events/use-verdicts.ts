import { useEffect, useRef, useState } from 'react';
import type { EventFilter, VerdictEvent } from '../../../../src/model/events.ts';
import { netxfw } from '../../api/netxfw.ts';

/** Events that are kept; older ones go. */
const KEPT = 2000;
/** How often the page is drawn anew while events come, milliseconds. */
const DRAW = 250;
/** Pause before the next attempt when the stream breaks, milliseconds. */
const AGAIN = 1000;

/** A verdict, and a number that no other on the page has. */
export interface SeenEvent extends VerdictEvent {
  readonly id: number;
}

export interface Verdicts {
  /** The newest first. */
  readonly events: readonly SeenEvent[];
  /** How many the server left out because they came too fast. */
  readonly lost: number;
  readonly connected: boolean;
  clear(): void;
}

/** Follows the verdicts that match a filter while it is not paused, and again after the daemon was gone. */
export function useVerdicts(filter: EventFilter, paused: boolean): Verdicts {
  const [events, setEvents] = useState<readonly SeenEvent[]>([]);
  const [lost, setLost] = useState(0);
  const [connected, setConnected] = useState(false);
  const next = useRef(0);
  const wanted = JSON.stringify(filter);

  useEffect(() => {
    if (paused) return;
    const stop = new AbortController();
    let fresh: SeenEvent[] = [];
    const draw = setInterval(() => {
      if (fresh.length === 0) return;
      const batch = fresh.toReversed();
      fresh = [];
      setEvents((before) => [...batch, ...before].slice(0, KEPT));
    }, DRAW);
    void follow(JSON.parse(wanted) as EventFilter, stop.signal, setConnected, (event) => {
      if ('lost' in event) setLost((before) => before + event.lost);
      else fresh.push({ ...event, id: next.current++ });
    });
    return () => {
      stop.abort();
      clearInterval(draw);
    };
  }, [wanted, paused]);

  // What was seen with another filter says nothing about this one.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    setEvents([]);
    setLost(0);
  }, [wanted]);

  const clear = () => {
    setEvents([]);
    setLost(0);
  };
  return { events, lost, connected, clear };
}

type Told = VerdictEvent | { readonly lost: number };

async function follow(
  filter: EventFilter,
  signal: AbortSignal,
  onConnected: (connected: boolean) => void,
  onEvent: (event: Told) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      onConnected(true);
      for await (const event of netxfw.events.verdicts(filter, signal)) onEvent(event);
    } catch {
      // Shown as not connected; the next attempt follows.
    }
    if (signal.aborted) return;
    onConnected(false);
    await new Promise((resolve) => setTimeout(resolve, AGAIN));
  }
}
