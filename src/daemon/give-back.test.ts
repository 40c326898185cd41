import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { giveMemoryBack } from './give-back.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const MB = 2 ** 20;

function process(resident: number, least = resident) {
  const state = { resident, collections: 0 };
  return {
    state,
    memory: {
      resident: () => state.resident,
      giveBack: () => {
        state.collections++;
        state.resident = Math.min(state.resident, least);
      },
    },
  };
}

it('collects after growth, and not again while nothing grows', () => {
  const { state, memory } = process(100 * MB);
  using _ = giveMemoryBack(memory, 1000);
  vi.advanceTimersByTime(1000);
  expect(state.collections).toBe(1);
  state.resident = 110 * MB;
  vi.advanceTimersByTime(10_000);
  expect(state.collections).toBe(1);
  state.resident = 300 * MB;
  vi.advanceTimersByTime(10_000);
  expect(state).toEqual({ resident: 100 * MB, collections: 2 });
});

it('accepts that what is in use stays', () => {
  const { state, memory } = process(500 * MB);
  using _ = giveMemoryBack(memory, 1000);
  vi.advanceTimersByTime(60_000);
  expect(state.collections).toBe(1);
});

it('stops with its owner', () => {
  const { state, memory } = process(500 * MB);
  giveMemoryBack(memory, 1000)[Symbol.dispose]();
  vi.advanceTimersByTime(60_000);
  expect(state.collections).toBe(0);
});

it('gives back what this process no longer uses', () => {
  vi.useRealTimers();
  let ballast: number[][] | undefined = Array.from({ length: 100 }, () => Array.from({ length: 100_000 }, Math.random));
  expect(ballast.length).toBe(100);
  const full = globalThis.process.memoryUsage().heapUsed;
  ballast = undefined;
  vi.useFakeTimers();
  using _ = giveMemoryBack(undefined, 1000);
  vi.advanceTimersByTime(1000);
  expect(globalThis.process.memoryUsage().heapUsed).toBeLessThan(full - 40 * MB);
});
