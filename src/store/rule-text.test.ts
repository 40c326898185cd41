import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPrefix, parsePrefix, prefix4, prefix6 } from '../model/prefixes.ts';
import { parseRuleText } from './rule-text.ts';

const parse = (text: string | Uint8Array) => parseRuleText(typeof text === 'string' ? Buffer.from(text) : text);
const prefixes = (text: string) => [...parse(text).prefixes].map(formatPrefix);

describe('rule text', () => {
  it.each([
    ['an address a line', '192.0.2.1\n192.0.2.2\n', ['192.0.2.1', '192.0.2.2']],
    ['no newline at the end', '192.0.2.1\n192.0.2.2', ['192.0.2.1', '192.0.2.2']],
    ['CRLF', '192.0.2.1\r\n2001:db8::1\r\n', ['192.0.2.1', '2001:db8::1']],
    ['a byte order mark', '\ufeff192.0.2.1\n', ['192.0.2.1']],
    ['blank lines and white space', '\n  192.0.2.1  \n\t\n\r\n 2001:db8::/32\n', ['192.0.2.1', '2001:db8::/32']],
    ['comment lines', '# 192.0.2.9\n; 192.0.2.9\n  # x\n192.0.2.1\n', ['192.0.2.1']],
    [
      'comments after an address',
      '192.0.2.1#a\n192.0.2.2 ; b\n2001:db8::1 # c\n',
      ['192.0.2.1', '192.0.2.2', '2001:db8::1'],
    ],
    [
      'further columns',
      '192.0.2.1\t7\n192.0.2.0/24 ; SBL1\n2001:db8::1 3 4\n',
      ['192.0.2.1', '192.0.2.0/24', '2001:db8::1'],
    ],
    ['networks', '192.0.2.0/24\n0.0.0.0/0\n::/0\n', ['192.0.2.0/24', '0.0.0.0/0', '::/0']],
    ['mapped IPv4', '::ffff:192.0.2.1\n', ['192.0.2.1']],
    ['nothing', '', []],
    ['only comments', '# a\n', []],
  ])('accepts %s', (_, text, expected) => {
    const parsed = parse(text);
    expect(prefixes(text)).toEqual(expected);
    expect(parsed.invalid).toBe(0);
  });

  it.each([
    '192.0.2',
    '192.0.2.1.1',
    '192.0.2.256',
    '192.0.2.01',
    '192.0.2.1/33',
    '192.0.2.1/',
    '192.0.2.1/024',
    '192.0.2.1,7',
    '192.0.2.1-9',
    '2001:db8::/129',
    '2001:db8:::1',
    'DE,192.0.2.0/24',
    'example.com',
    '1921.0.2.1',
    '.1.2.3',
    '1..2.3',
  ])('refuses %s and names its line', (text) => {
    const parsed = parse(`# list\n\n192.0.2.7\n${text}\n192.0.2.8\n`);
    expect(parsed.prefixes.size).toBe(2);
    expect(parsed.invalid).toBe(1);
    expect(parsed.invalidLines).toMatchObject([{ line: 4, text }]);
    expect(parsed.invalidLines[0]!.message).toContain(text);
  });

  it('counts and shows masked host bits', () => {
    const parsed = parse('10.1.2.3/8\n2001:db8::1/32\n10.0.0.0/8\n');
    expect(prefixes('10.1.2.3/8\n')).toEqual(['10.0.0.0/8']);
    expect(parsed).toMatchObject({ masked: 2, firstMasked: '10.1.2.3/8 -> 10.0.0.0/8' });
  });

  it('lists invalid lines up to a bound and counts the rest', () => {
    const parsed = parse('x\n'.repeat(1000));
    expect(parsed.invalid).toBe(1000);
    expect(parsed.invalidLines.map(({ line }) => line)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });

  it('shows no control characters and no endless lines', () => {
    const [shown] = parse(`\u001b[31m${'x'.repeat(5000)}\n`).invalidLines;
    expect(shown!.text).toMatch(/^\?\[31mx+\.\.\.$/);
    expect(shown!.text.length).toBeLessThan(100);
    expect(shown!.message).not.toContain('\u001b');
  });

  it('reads every prefix that can be written, between any blanks and comments', () => {
    const word = fc.nat(0xffffffff);
    const prefix = fc.oneof(
      fc.tuple(word, fc.nat(32)).map(([address, length]) => prefix4(address, length)),
      fc.tuple(fc.tuple(word, word, word, word), fc.nat(128)).map(([words, length]) => prefix6(words, length)),
    );
    const before = fc.constantFrom('', ' ', '\t', '  ');
    const after = fc.constantFrom('', ' ', '\r', '\t7', ' # x', '#x', ';x', ' ; x\r', '\n', '\n\n# y');
    fc.assert(
      fc.property(fc.array(fc.tuple(before, prefix, after)), (lines) => {
        const text = lines.map(([start, value, end]) => `${start}${formatPrefix(value)}${end}\n`).join('');
        // The text of ::ffff:0:0/96 and longer reads as IPv4, so compare canonical values.
        const wanted = lines.map(([, value]) => formatPrefix(parsePrefix(formatPrefix(value)).prefix));
        expect(parse(text).invalid).toBe(0);
        expect(prefixes(text).sort()).toEqual(wanted.sort());
      }),
    );
  });

  it('never fails on any bytes, and accounts for every line with something in it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const { prefixes: found, invalid } = parse(bytes);
        const lines = Buffer.from(bytes).toString('latin1').split('\n');
        const filled = lines.filter((line) => /^[ \t\r]*[^ \t\r#;]/.test(line)).length;
        const bom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
        if (!bom) expect(found.size + invalid).toBe(filled);
      }),
    );
  });
});
