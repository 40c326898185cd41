import { describe, expect, it } from 'vitest';
import { displayWidth, oneLine, pad, truncate, wrap } from './text.ts';

describe('text on a terminal', () => {
  it.each([
    ['abc', 3],
    ['办公室', 6],
    ['\u0441\u0432\u043e\u0439', 4],
    ['e\u0301', 1],
    ['한국', 4],
    ['', 0],
  ])('%s takes %i columns', (text, width) => expect(displayWidth(text)).toBe(width));

  it('cuts by columns, not by letters', () => {
    expect(truncate('办公室', 6)).toBe('办公室');
    expect(truncate('办公室', 5)).toBe('办公…');
    expect(truncate('办公室', 4)).toBe('办…');
    expect(displayWidth(truncate('办公室', 4))).toBeLessThanOrEqual(4);
    expect(pad('办', 4)).toBe('办  ');
    expect(pad('7', 3, true)).toBe('  7');
  });

  it('lets no text take over the terminal', () => {
    expect(oneLine('a\x1b[2Jb\x07c\x9bd\u202ee')).toBe('a\ufffd[2Jb\ufffdc\ufffdd\ufffde');
    expect(oneLine('first\r\n  second\nthird')).toBe('first second third');
  });

  it('wraps between words', () => {
    expect(wrap('one two three four', 9, '  ')).toBe('one two\n  three\n  four');
    expect(wrap('a-word-longer-than-the-line b', 10)).toBe('a-word-longer-than-the-line\nb');
  });
});
