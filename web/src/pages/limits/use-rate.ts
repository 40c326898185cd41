import { useRef } from 'react';

interface Reading {
  readonly count: number;
  /** Unix milliseconds. */
  readonly at: number;
}

/** How fast a counter grows, a second, between the two latest readings of it. */
export function useRate(count: number, at: number): number {
  const latest = useRef<Reading>({ count, at });
  const rate = useRef(0);
  if (at > latest.current.at) {
    const seconds = (at - latest.current.at) / 1000;
    rate.current = Math.max(0, count - latest.current.count) / seconds;
    latest.current = { count, at };
  }
  return rate.current;
}
