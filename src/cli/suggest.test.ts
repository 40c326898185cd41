import { describe, expect, it } from 'vitest';
import { nearest } from './suggest.ts';

const WORDS = ['status', 'allow', 'deny', 'del', 'list', 'match', 'stats', 'rule', 'dynamic', 'system', 'import'];

describe('nearest', () => {
  it.each([
    ['dney', 'deny'],
    ['denyy', 'deny'],
    ['stauts', 'status'],
    ['Allow', 'allow'],
    ['dynamc', 'dynamic'],
    ['lst', 'list'],
    ['imprt', 'import'],
    ['sys', 'system'],
    ['stat', 'stats'],
  ])('%s was meant to be %s', (word, meant) => expect(nearest(word, WORDS)).toBe(meant));

  it.each(['xyzzy', 'q', '', 'completely-different'])('"%s" is near to nothing', (word) => {
    expect(nearest(word, WORDS)).toBeUndefined();
  });
});
