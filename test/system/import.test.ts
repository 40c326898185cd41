import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Instance } from '../support/instance.ts';
import { GOOD4, Lab, PEER_DEVICE } from '../support/lab.ts';
import { FEED_SIZE, randomAddresses4, realFeed, sample } from '../support/lists.ts';
import { sourcesThatPass } from '../support/traffic.ts';

const lab = Lab.create();
const netxfw = new Instance(lab);
beforeAll(() => netxfw.start());
afterAll(async () => {
  await netxfw.stop();
  lab.dispose();
});

function badAddresses(): string {
  const feed = realFeed();
  if (feed !== undefined) return feed.file;
  console.log(`the published list does not lie beside this checkout: using ${FEED_SIZE} random addresses`);
  const file = join(lab.directory, 'random.txt');
  writeFileSync(file, `${randomAddresses4(FEED_SIZE, 1).join('\n')}\n`);
  return file;
}

it(`drops ${FEED_SIZE} imported sources and nobody else`, async () => {
  const file = badAddresses();
  const listed = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  const first = await netxfw.import('deny', file);
  expect(first).toMatchObject({ read: FEED_SIZE, added: FEED_SIZE, unchanged: 0, duplicates: 0, invalid: 0 });
  expect((await netxfw.status()).rules.deny).toBe(FEED_SIZE);

  const others = randomAddresses4(1000, 2, new Set(listed));
  const denied = sample(listed, 1000);
  expect(await sourcesThatPass(lab, [...denied, ...others, GOOD4])).toEqual([...others, GOOD4]);
});

it('finds nothing new in the same file', async () => {
  const file = badAddresses();
  const again = await netxfw.import('deny', file);
  expect(again).toMatchObject({ read: FEED_SIZE, added: 0, unchanged: FEED_SIZE });
  expect(await netxfw.ok(['rule', 'import', 'deny', file])).toContain('0 new');
});

it('reads comments, blank lines, CRLF, networks and both families', async () => {
  const file = join(lab.directory, 'mixed.txt');
  const lines = [
    '# a list',
    '192.0.2.7 ; a comment',
    '',
    '2001:db8:7::/48 # another',
    '203.0.113.0/24',
    '::ffff:192.0.2.9',
  ];
  writeFileSync(file, lines.join('\r\n'));
  const result = await netxfw.import('allow', file);
  expect(result).toMatchObject({ list: 'allow', read: 4, added: 4, invalid: 0 });
  const allowed = (await netxfw.rules()).filter((rule) => rule.list === 'allow').map((rule) => rule.prefix);
  expect(allowed.sort()).toEqual(['192.0.2.7', '192.0.2.9', '2001:db8:7::/48', '203.0.113.0/24']);
});

it('exports what another instance imports to the same state', async () => {
  const other = new Instance(lab, 'other', { at: lab.peer, interfaces: [PEER_DEVICE] });
  await other.ok(['system', 'load']);
  for (const list of ['allow', 'deny']) {
    const file = join(lab.directory, `${list}.txt`);
    await netxfw.ok(['rule', 'export', '--list', list, '-o', file]);
    await other.import(list, file);
  }
  expect(await other.prefixes()).toEqual(await netxfw.prefixes());
  await other.ok(['system', 'unload']);
});
