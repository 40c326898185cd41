import { describe, expect, it } from 'vitest';
import { formatAge, formatBytes, formatCount, formatRemaining, formatTime, plural } from './format.ts';

const NOW = Date.UTC(2026, 0, 1);
const fromNow = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();

describe('numbers and times', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [1234567, '1,234,567'],
  ])('%i is %s', (value, text) => expect(formatCount(value)).toBe(text));

  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1536 * 1024, '1.5 MiB'],
    [2 ** 60, '1024.0 PiB'],
  ])('%i bytes are %s', (value, text) => expect(formatBytes(value)).toBe(text));

  it('counts in words', () => {
    expect([0, 1, 2].map((n) => plural(n, 'entry', 'entries'))).toEqual(['0 entries', '1 entry', '2 entries']);
  });

  it.each([
    [fromNow(3600), '1h'],
    [fromNow(3599.5), '1h'],
    [fromNow(90061), '1d1h'],
    [fromNow(59), '59s'],
    [fromNow(-5), '0s'],
    [null, '-'],
  ])('%s is in %s', (expires, text) => expect(formatRemaining(expires, NOW)).toBe(text));

  it('says how long ago and when', () => {
    expect(formatAge(fromNow(-7325), NOW)).toBe('2h2m');
    expect(formatTime('2026-01-31T12:00:05.123Z')).toBe('2026-01-31 12:00:05');
  });
});
