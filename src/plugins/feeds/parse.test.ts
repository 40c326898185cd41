import { describe, expect, it } from 'vitest';
import { feedSchema } from '../../model/config-feeds.ts';
import { readEntries } from './parse.ts';
import { networksOf } from './ranges.ts';

/** Read in pieces of a few bytes, which end wherever. */
async function read(text: string, more: object = {}, piece = 5): Promise<string[]> {
  const bytes = Buffer.from(text);
  const pieces = async function* () {
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
  };
  const entries: string[] = [];
  for await (const some of readEntries(pieces(), feedSchema.parse({ name: 'f', from: '/f', ...more }))) {
    entries.push(...some);
  }
  return entries;
}

describe('a list of others', async () => {
  it('is text with comments and further columns', async () => {
    const text = '# comment\n\n192.0.2.1 ; a note\n198.51.100.0/24 ; SBL123\r\n203.0.113.1\t7\n; end\n2001:db8::/32';
    expect(await read(text)).toEqual(['192.0.2.1', '198.51.100.0/24', '203.0.113.1', '2001:db8::/32']);
  });

  it('begins after a byte order mark, and has lines of a bounded length', async () => {
    expect(await read('\ufeff192.0.2.1\n')).toEqual(['192.0.2.1']);
    await expect(read('x'.repeat(70_000))).rejects.toThrow(/line of more than/);
    await expect(read(' '.repeat(33 * 2 ** 20), { format: 'json' }, 65_536)).rejects.toThrow(/JSON may have 32 MiB/);
  });

  it('is CSV, by number or name of the column', async () => {
    const text = 'first,"the ip, quoted",last\n1,192.0.2.1,"a ""b"", c"\n2,"192.0.2.2",x\n\n3,,y\n';
    expect((await read(text, { format: 'csv', column: 2 })).slice(1)).toEqual(['192.0.2.1', '192.0.2.2']);
    expect(await read(text, { format: 'csv', column: 'the ip, quoted' })).toEqual(['192.0.2.1', '192.0.2.2']);
    expect(await read('a;192.0.2.1\n', { format: 'csv', column: 2, separator: ';' })).toEqual(['192.0.2.1']);
    await expect(read(text, { format: 'csv', column: 'no' })).rejects.toThrow(/no column no/);
  });

  it('is JSON, by path', async () => {
    const cloud = {
      prefixes: [{ ipv4Prefix: '192.0.2.0/24' }, { ipv6Prefix: '2001:db8::/32' }, { ipv4Prefix: '198.51.100.0/24' }],
    };
    const text = JSON.stringify(cloud);
    expect(await read(text, { format: 'json', json_path: 'prefixes[].ipv4Prefix' })).toEqual([
      '192.0.2.0/24',
      '198.51.100.0/24',
    ]);
    expect(await read('["192.0.2.1"]', { format: 'json' })).toEqual(['192.0.2.1']);
    expect(
      await read('{"cidr":"192.0.2.0/24"}\n{"cidr":"198.51.100.0/24"}\n', { format: 'json', json_path: '[].cidr' }),
    ).toEqual(['192.0.2.0/24', '198.51.100.0/24']);
    await expect(read('<html>', { format: 'json' })).rejects.toThrow(/not JSON/);
  });
});

describe('a range of addresses', () => {
  const cases: readonly [first: string, last: string, networks: string[]][] = [
    ['192.0.2.0', '192.0.2.255', ['192.0.2.0/24']],
    ['192.0.2.1', '192.0.2.6', ['192.0.2.1', '192.0.2.2/31', '192.0.2.4/31', '192.0.2.6']],
    ['0.0.0.0', '255.255.255.255', ['0.0.0.0/0']],
    ['255.255.255.255', '255.255.255.255', ['255.255.255.255']],
    ['2001:db8::', '2001:db8:2:ffff:ffff:ffff:ffff:ffff', ['2001:db8::/47', '2001:db8:2::/48']],
  ];
  for (const [first, last, networks] of cases) {
    it(`${first} - ${last}`, () => {
      expect([...networksOf(first, last)]).toEqual(networks);
    });
  }
});
