import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Overview } from '../../src/cli/documents-observe.ts';
import { LocalApi } from '../support/crowdsec.ts';
import { Instance } from '../support/instance.ts';
import { BAD4, BAD6, FW4, GOOD4, Lab } from '../support/lab.ts';
import { until } from '../support/process.ts';
import { arrivals, framesFrom } from '../support/traffic.ts';

const lab = Lab.create();
const netxfw = new Instance(lab);
const api = new LocalApi(lab.fw, join(lab.directory, 'crowdsec'));

const everything = [...framesFrom(BAD4), ...framesFrom(BAD6), ...framesFrom(GOOD4)];
const ALL = everything.map(({ name }) => name);
const without = (...sources: string[]) => {
  const gone = new Set(sources.flatMap((source) => framesFrom(source).map(({ name }) => name)));
  return ALL.filter((name) => !gone.has(name));
};
const state = async () => (await netxfw.json<Overview>(['status'])).extensions.find(({ name }) => name === 'crowdsec');
const prefixes = (wanted: readonly string[]) =>
  until(
    `the deny list to be ${wanted.join(', ')}`,
    async () => (await netxfw.prefixes()).join() === [...wanted].sort().join(),
  );

beforeAll(async () => {
  await api.start();
  await api.cscli('decisions', 'add', '--ip', BAD4, '--duration', '4h', '--reason', 'before the start');
  netxfw.configure({ crowdsec: { enabled: true, api_key: api.key, interval: '1s' } });
  await netxfw.start();
});
afterAll(async () => {
  await netxfw.stop();
  await api.stop();
  lab.dispose();
});

it('blocks what was decided before it started, with the reason and the end of the decision', async () => {
  await prefixes([BAD4]);
  const [rule] = await netxfw.rules();
  expect(rule).toMatchObject({ reason: 'before the start', source: 'crowdsec:cscli' });
  const hours = (Date.parse(rule!.expiresAt!) - Date.now()) / 3_600_000;
  expect(hours).toBeGreaterThan(3.9);
  expect(hours).toBeLessThan(4.1);
  expect(await arrivals(lab, everything)).toEqual(without(BAD4));
});

it('follows new decisions on addresses and ranges of both families, and deletions', async () => {
  await api.cscli('decisions', 'add', '--ip', BAD6, '--duration', '1h');
  await api.cscli('decisions', 'add', '--range', '203.0.113.0/24', '--duration', '1h');
  await api.cscli('decisions', 'add', '--range', '2001:db8:7::/48', '--duration', '1h');
  await prefixes([BAD4, BAD6, '203.0.113.0/24', '2001:db8:7::/48']);
  expect(await arrivals(lab, everything)).toEqual(without(BAD4, BAD6));
  await api.cscli('decisions', 'delete', '--ip', BAD4);
  await api.cscli('decisions', 'delete', '--range', '203.0.113.0/24');
  await prefixes([BAD6, '2001:db8:7::/48']);
  expect(await arrivals(lab, everything)).toEqual(without(BAD6));
});

it('keeps an address until the last decision on it is gone', async () => {
  await api.cscli('decisions', 'add', '--ip', GOOD4, '--duration', '1h', '--reason', 'first');
  await api.cscli('decisions', 'add', '--ip', GOOD4, '--duration', '2h', '--reason', 'second');
  await until('the longer one', async () => (await netxfw.rules()).some(({ reason }) => reason === 'second'));
  const listed = JSON.parse(await api.cscli('decisions', 'list', '-o', 'json', '--ip', GOOD4)) as {
    decisions: { id: number; scenario: string }[];
  }[];
  const second = listed.flatMap(({ decisions }) => decisions).find(({ scenario }) => scenario === 'second')!;
  await api.cscli('decisions', 'delete', '--id', String(second.id));
  await until('the other one to show', async () => (await netxfw.rules()).some(({ reason }) => reason === 'first'));
  await api.cscli('decisions', 'delete', '--ip', GOOD4);
  await prefixes([BAD6, '2001:db8:7::/48']);
});

it('does not block this host itself', async () => {
  await api.cscli('decisions', 'add', '--ip', FW4, '--duration', '1h');
  await until('it to be told', async () => (await state())!.message.includes('this host needs'));
  expect(await netxfw.prefixes()).not.toContain(FW4);
});

it('keeps the blocks while CrowdSec is away, says so, and catches up', async () => {
  await api.stop();
  await until('it to be told', async () => (await state())!.ok === false);
  expect(await arrivals(lab, everything)).toEqual(without(BAD6));
  await api.start();
  await api.cscli('decisions', 'delete', '--ip', BAD6);
  await prefixes(['2001:db8:7::/48']);
  await until('it to be well', async () => (await state())!.ok === true);
});

it('leaves nothing behind when it is switched off but what has an end', async () => {
  netxfw.configure({});
  await netxfw.ok(['reload']);
  await until('it to be gone', async () => (await state()) === undefined);
  for (const { expiresAt } of await netxfw.rules()) expect(expiresAt).not.toBeNull();
});
