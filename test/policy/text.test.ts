import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { files, ROOT, read } from './sources.ts';

const text = files(/./).filter((path) => !/\.(png|jpg|svg|ico|zst|gz|o)$|package-lock\.json$|^LICENSE$/.test(path));

/** Lines that match, as PATH:LINE: TEXT. This file names what it forbids, so it is left out. */
function occurrences(pattern: RegExp, among: readonly string[] = text): string[] {
  return among
    .filter((path) => path !== 'test/policy/text.test.ts')
    .flatMap((path) =>
      read(path)
        .split('\n')
        .flatMap((line, i) => (pattern.test(line) ? [`${path}:${i + 1}: ${line.trim()}`] : [])),
    );
}

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

describe('what is checked in', () => {
  it('names no path of one machine', () => {
    // Directories at the top, such as /srv, are on every machine: below them the checkout itself tells.
    const telling = dirname(dirname(ROOT)) === '/' ? ROOT : dirname(ROOT);
    expect(occurrences(new RegExp(`${literally(telling)}/|/root/|/home/\\w`))).toEqual([]);
  });

  it('leaves nothing for later', () => {
    const code = text.filter((path) => !path.endsWith('.md'));
    expect(occurrences(/\b(TODO|FIXME|XXX|HACK)\b|[Nn]ot (yet )?implemented/, code)).toEqual([]);
  });

  it('runs every test', () => {
    expect(occurrences(/\b(it|test|describe)\.(only|skip|todo|fails)\b/)).toEqual([]);
  });

  it('has no emoji', () => {
    expect(occurrences(/\p{Emoji_Presentation}/u)).toEqual([]);
  });

  it('refers to no tracker by number', () => {
    expect(occurrences(/\b(issue|ticket|PR) #?\d+/i)).toEqual([]);
  });

  it('has a lock file that names no registry', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved": "http/);
  });
});
