import { describe, expect, it } from 'vitest';
import { Window } from './window.ts';

describe('a window', () => {
  it('acts when the threshold is reached within the interval, and not before', () => {
    const window = new Window(3, 1000);
    expect([0, 400, 800].map((at) => window.count('a', at).act)).toEqual([false, false, true]);
    expect([2000, 2900, 3100].map((at) => window.count('b', at))).toEqual([
      { lines: 1, act: false },
      { lines: 2, act: false },
      { lines: 2, act: false },
    ]);
  });

  it('counts every offender apart', () => {
    const window = new Window(2, 1000);
    expect([window.count('a', 0).act, window.count('b', 0).act, window.count('a', 1).act]).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('does not act again on what was still on its way, but does so later', () => {
    const window = new Window(1, 1000);
    expect([0, 10, 9999, 10_000].map((at) => window.count('a', at).act)).toEqual([true, false, false, true]);
  });

  it('stays small under a million offenders, and forgets the quiet ones first', () => {
    const window = new Window(2, 1e9);
    window.count('first', 0);
    for (let i = 0; i < 1_000_000; i++) window.count(`other ${i}`, 1);
    expect(window.count('first', 2).lines).toBe(1);
    for (const i of [900_000, 999_999]) expect(window.count(`other ${i}`, 3).act).toBe(true);
  });
});
