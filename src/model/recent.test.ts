import { describe, expect, it } from 'vitest';
import { Recent } from './recent.ts';

describe('recent values', () => {
  it('are bounded, and the last half of them is always there', () => {
    const recent = new Recent<number>(100);
    for (let i = 0; i < 1000; i++) {
      recent.set(`key ${i}`, i);
      expect(recent.size).toBeLessThanOrEqual(100);
      for (const back of [0, 25, 49]) if (i >= back) expect(recent.get(`key ${i - back}`)).toBe(i - back);
    }
    expect(recent.get('key 0')).toBeUndefined();
  });

  it('stay as long as they are set again, and go when they are deleted', () => {
    const recent = new Recent<string>(10);
    for (let i = 0; i < 100; i++) {
      recent.set('mine', 'kept');
      recent.set(`other ${i}`, '');
    }
    expect(recent.get('mine')).toBe('kept');
    recent.delete('mine');
    expect(recent.get('mine')).toBeUndefined();
  });
});
