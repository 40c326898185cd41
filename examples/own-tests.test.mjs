// Tests of a program that uses netxfw, without kernel, root or daemon: node --test own-tests.test.mjs
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMock } from 'netxfw';

/** The program under test: denies whoever failed to log in too often. */
async function punish(netxfw, failures) {
  for (const [address, count] of Object.entries(failures)) {
    if (count >= 5) await netxfw.dynamic.add({ prefix: address, ttl: 600, reason: `${count} failures` });
  }
}

test('whoever fails too often is blocked, for a while', async () => {
  const clock = { now: Date.UTC(2026, 0, 1) };
  const netxfw = await createMock({ now: () => clock.now });
  await punish(netxfw, { '192.0.2.1': 7, '192.0.2.2': 1 });

  assert.equal(netxfw.dataplane.judge('192.0.2.1').verdict, 'drop');
  assert.equal(netxfw.dataplane.judge('192.0.2.2').verdict, 'pass');

  clock.now += 601_000;
  assert.equal(netxfw.dataplane.judge('192.0.2.1').verdict, 'pass');
  await netxfw.close();
});

test('a full map is an error that can be told apart', async () => {
  const netxfw = await createMock({ capacity: { lock_hosts: 1 } });
  await netxfw.rules.add({ list: 'deny', prefix: '192.0.2.1' });
  await assert.rejects(netxfw.rules.add({ list: 'deny', prefix: '192.0.2.2' }), { code: 'MAP_FULL' });
  await netxfw.close();
});
