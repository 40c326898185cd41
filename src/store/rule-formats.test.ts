import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EntryGroup, type EntryMeta, LISTS, type ListName } from '../model/entries.ts';
import { PrefixList } from '../model/prefix-list.ts';
import { formatPrefix, parsePrefix, prefix4, prefix6 } from '../model/prefixes.ts';
import { encodeBinary, looksBinary, parseBinaryDocument } from './rule-binary.ts';
import { encodeCsv, looksLikeCsv, parseRuleCsv } from './rule-csv.ts';
import { stateOfDocument } from './rule-document.ts';
import { encodeYaml, parseYamlDocument } from './rule-yaml.ts';
import type { Sections } from './rules-document.ts';

const META = { reason: '', createdAt: 0, expiresAt: null, source: 'import' };
const CREATED = '2026-01-01T12:00:00.000Z';
const NOTHING: Sections = {};

type Groups = Record<ListName, EntryGroup[]>;

/** Everything as lines of text, in an order of its own: what a format must keep. */
function linesOf(lists: Readonly<Record<ListName, readonly EntryGroup[]>>): string[] {
  return LISTS.flatMap((list) =>
    lists[list].flatMap(({ prefixes, meta }) =>
      [...prefixes].map((prefix) => lineOf(list, formatPrefix(prefix), meta)),
    ),
  ).sort();
}

function lineOf(list: ListName, text: string, { reason, source, createdAt, expiresAt }: EntryMeta): string {
  return JSON.stringify([list, text, reason, source, createdAt, expiresAt]);
}

const bytesOf = (chunks: Iterable<Uint8Array>): Buffer => Buffer.concat([...chunks]);
const ofDocument = (document: unknown): string[] => linesOf(stateOfDocument(document).lists);

const FORMATS = {
  yaml: {
    write: (lists: Groups) => bytesOf(encodeYaml(lists, NOTHING)),
    read: (bytes: Uint8Array) => ofDocument(parseYamlDocument(bytes)),
  },
  csv: {
    write: (lists: Groups) => bytesOf(encodeCsv(lists, NOTHING)),
    read: (bytes: Uint8Array) => {
      const parsed = parseRuleCsv(bytes, 'x.csv', { list: undefined, meta: META });
      expect(parsed.invalidLines).toEqual([]);
      return linesOf(parsed.lists);
    },
  },
  binary: {
    write: (lists: Groups) => bytesOf(encodeBinary(lists, NOTHING)),
    read: (bytes: Uint8Array) => ofDocument(parseBinaryDocument(bytes)),
  },
};

const word = fc.nat({ max: 0xffff_ffff });
const prefix = fc.oneof(
  fc.tuple(word, fc.nat({ max: 32 })).map(([address, length]) => prefix4(address, length)),
  fc
    .tuple(fc.tuple(word, word, word, word), fc.nat({ max: 128 }))
    .map(([words, length]) =>
      prefix6([words[0] | 0x2000_0000, words[1], words[2], words[3]].map((w) => w >>> 0) as never, length),
    )
    // Shorter than the first bit that is set it would be ::/n, which is fine, and mapped IPv4, which is another family.
    .filter(({ words }) => words[0] !== 0),
);
const time = fc.integer({ min: 0, max: 4e12 });
const group = fc
  .record({
    prefixes: fc.array(prefix, { minLength: 1, maxLength: 12 }).map((all) => PrefixList.of(...all)),
    meta: fc.record({
      reason: fc.oneof(
        fc.string({ maxLength: 30 }),
        fc.constantFrom('a, "b"', "it's", '# x: y', '- z', ' spaced ', 'null'),
      ),
      createdAt: time,
      expiresAt: fc.option(time),
      source: fc.constantFrom('user', 'import', 'feed:spamhaus'),
    }),
  })
  // Control characters are refused when a rule is made.
  .filter(({ meta }) => !/\p{Cc}/u.test(meta.reason));
const lists = fc.record({ allow: fc.array(group, { maxLength: 4 }), deny: fc.array(group, { maxLength: 4 }) });

describe.each(Object.entries(FORMATS))('rules as %s', (name, { write, read }) => {
  it('keep prefixes, lists, reasons, times and sources', () => {
    fc.assert(
      fc.property(lists, (given) => {
        // Reasons lose what surrounds them only in a table for other programs.
        const trimmed = name === 'csv' ? mapReasons(given) : given;
        expect(read(write(trimmed))).toEqual(linesOf(trimmed));
      }),
      { numRuns: 300 },
    );
  });

  it('keep many, over several chunks', () => {
    const prefixes = new PrefixList();
    for (let i = 0; i < 60_000; i++) prefixes.push4(0x0a00_0000 + i, 32);
    for (let i = 0; i < 20_000; i++) prefixes.push6(0x2001_0db8, i, 0, 0, 64);
    const given: Groups = { allow: [], deny: [{ prefixes, meta: { ...META, reason: 'a list, long' } }] };
    const found = read(write(given));
    expect(found.length).toBe(80_000);
    // A report of the difference would take minutes.
    expect(found.join() === linesOf(given).join()).toBe(true);
  });

  it('may be empty', () => {
    expect(read(write({ allow: [], deny: [] }))).toEqual([]);
  });
});

function mapReasons(given: Groups): Groups {
  const trim = (groups: readonly EntryGroup[]) =>
    groups.map(({ prefixes, meta }) => ({ prefixes, meta: { ...meta, reason: meta.reason.trim() } }));
  return { allow: trim(given.allow), deny: trim(given.deny) };
}

describe('YAML', () => {
  const read = (text: string) => ofDocument(parseYamlDocument(Buffer.from(text)));
  const group = (entries: string) =>
    `format: netxfw-rules\nversion: 1\ngroups:\n  - list: deny\n    reason: x\n    source: user\n` +
    `    created: "${CREATED}"\n    expires: null\n    entries:${entries}\n`;
  const expected = (...prefixes: string[]) =>
    prefixes
      .map((text) => formatPrefix(parsePrefix(text).prefix))
      .map((text) =>
        lineOf('deny', text, { reason: 'x', source: 'user', createdAt: Date.parse(CREATED), expiresAt: null }),
      )
      .sort();

  it.each([
    ['as written', '\n      - "192.0.2.1"\n      - "2001:db8::/32"', ['192.0.2.1', '2001:db8::/32']],
    ['unquoted and single-quoted', "\n      - 192.0.2.1\n      - '2001:db8::'", ['192.0.2.1', '2001:db8::']],
    ['with comments and CRLF', '\r\n      - 192.0.2.1 # one\r\n      - 192.0.2.2\r', ['192.0.2.1', '192.0.2.2']],
    ['less indented', '\n    - 192.0.2.1\n    - 192.0.2.0/24', ['192.0.2.1', '192.0.2.0/24']],
    ['with host bits', '\n      - 192.0.2.9/24', ['192.0.2.0/24']],
    ['in one line', ' [192.0.2.1, "2001:db8::1"]', ['192.0.2.1', '2001:db8::1']],
    ['none', ' []', []],
  ])('is read by hand-made files: %s', (_, entries, prefixes) => {
    expect(read(group(entries))).toEqual(expected(...prefixes));
  });

  it.each([
    [group('\n      - 192.0.2.1\n      - 192.0.2.256'), /line 11: "192\.0\.2\.256"/],
    [group(' 7'), /"entries" must be a list/],
    [`${group('\n      - 192.0.2.1\n      - 192.0.2.2')}limits: [`, /^line 12: /],
    ['groups: []', /version/],
    ['format: netxfw-rules\nversion: 1\ngroups: {', /line/],
    ['just text', /not a JSON object|not a document/],
  ])('is refused with the reason: %#', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});

describe('CSV', () => {
  const read = (text: string, list?: ListName) => parseRuleCsv(Buffer.from(text), 'x.csv', { list, meta: META });
  const prefixes = (text: string, list?: ListName) => {
    const parsed = read(text, list);
    return LISTS.flatMap((one) =>
      parsed.lists[one].flatMap((group) =>
        [...group.prefixes].map((p) => `${one} ${formatPrefix(p)} ${group.meta.reason}`),
      ),
    );
  };

  it('needs only the column prefix, in any place', () => {
    expect(prefixes('prefix\n192.0.2.1\n192.0.2.2\n', 'deny')).toEqual(['deny 192.0.2.1 ', 'deny 192.0.2.2 ']);
    expect(prefixes('reason,prefix\r\n"a ""b"", c",192.0.2.1\r\nd,2001:db8::/32\r\n', 'allow')).toEqual([
      'allow 192.0.2.1 a "b", c',
      'allow 2001:db8::/32 d',
    ]);
    expect(prefixes('type,prefix,other\ndeny,192.0.2.1,x\nallow,192.0.2.2,y\ndeny,192.0.2.3,x\n')).toEqual([
      'allow 192.0.2.2 ',
      'deny 192.0.2.1 ',
      'deny 192.0.2.3 ',
    ]);
  });

  it('masks host bits and says so, also in rows that look like the one before', () => {
    const parsed = read('prefix\n192.0.2.1\n198.51.100.7/24\n203.0.113.9/24\n', 'deny');
    expect(parsed).toMatchObject({ masked: 2, firstMasked: '198.51.100.7/24 -> 198.51.100.0/24', invalid: 0 });
  });

  it('names lines that are wrong and reads the others', () => {
    const parsed = read(
      'type,prefix,expires\ndeny,192.0.2.1,\ndeny,192.0.2,\nblock,192.0.2.3,\ndeny,192.0.2.4,soon\n\n,192.0.2.5,\n"x,y\n',
    );
    expect(parsed.invalid).toBe(5);
    expect(parsed.invalidLines.map(({ line }) => line)).toEqual([3, 4, 5, 7, 8]);
    expect(parsed.lists.deny.reduce((sum, { prefixes: all }) => sum + all.size, 0)).toBe(1);
  });

  it('is recognised by its heading', () => {
    for (const text of ['prefix\n', 'type,prefix\n', '\ufeff"prefix",reason\r\nx']) {
      expect(looksLikeCsv(Buffer.from(text))).toBe(true);
    }
    for (const text of ['192.0.2.1\n', '# prefix\n', '', 'ip,reason\n', '{"prefix":1}']) {
      expect(looksLikeCsv(Buffer.from(text))).toBe(false);
    }
    for (const text of ['ip,reason\n', 'pre"fix\n', '"prefix\n']) {
      expect(() => read(text)).toThrow(/no column "prefix"/);
      expect(looksLikeCsv(Buffer.from(text))).toBe(false);
    }
  });
});

describe('binary', () => {
  const given: Groups = {
    allow: [],
    deny: [{ prefixes: PrefixList.of(prefix4(1), prefix6([0x2001_0db8, 0, 0, 1])), meta: META }],
  };
  const whole = bytesOf(encodeBinary(given, NOTHING));

  it('is recognised', () => {
    expect(looksBinary(whole)).toBe(true);
    expect(looksBinary(Buffer.from('{"format"'))).toBe(false);
  });

  it('is refused when any byte is missing or changed', () => {
    for (let length = 0; length < whole.length; length++) {
      expect(() => parseBinaryDocument(whole.subarray(0, length))).toThrow();
    }
    for (let at = 0; at < whole.length; at++) {
      const broken = Buffer.from(whole);
      broken[at] = broken[at]! ^ 0x41;
      expect(() => parseBinaryDocument(broken)).toThrow();
    }
    expect(() => parseBinaryDocument(Buffer.concat([whole, Buffer.alloc(4)]))).toThrow();
  });
});
