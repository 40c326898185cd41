import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bearer, request } from '../support/http.ts';
import { Instance } from '../support/instance.ts';
import { BAD4, FW4, GOOD4, Lab } from '../support/lab.ts';
import type { Namespace } from '../support/netns.ts';
import { until } from '../support/process.ts';
import { arrivals, framesFrom } from '../support/traffic.ts';

const CLIENT = fileURLToPath(new URL('../support/hostile-client.mjs', import.meta.url));
const PORT = 11818;
const SEED = Date.now() % 1_000_000_000;

const lab = Lab.create();
const netxfw = new Instance(lab, 'a', { config: { api: { listen: FW4, port: PORT, insecure: true } } });
let token: string;
let pid: number;
beforeAll(async () => {
  await netxfw.start();
  pid = netxfw.daemon.pid;
  token = (await netxfw.ok(['token', 'create', 'ops', '-q'])).trim();
  await netxfw.ok(['deny', BAD4]);
});
afterAll(async () => {
  await netxfw.stop();
  lab.dispose();
});

interface Outcome {
  readonly statuses: Readonly<Record<string, number>>;
  readonly silent: number;
}

async function attack(from: Namespace, mode: string, count: number): Promise<Outcome> {
  const command = [process.execPath, CLIENT, mode, FW4, String(PORT), String(count), String(SEED)];
  return JSON.parse(await from.must(command, { timeout: 120_000 })) as Outcome;
}

const residentMemory = () => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024;
const descriptors = () => readdirSync(`/proc/${pid}/fd`).length;
const serverErrors = ({ statuses }: Outcome) => Object.keys(statuses).filter((status) => status.startsWith('5'));

/** What users have of the firewall while somebody bothers its API. */
async function everythingWorks(): Promise<void> {
  const [bad, good] = [framesFrom(BAD4), framesFrom(GOOD4)];
  expect(await arrivals(lab, [...bad, ...good])).toEqual(good.map(({ name }) => name));
  await netxfw.ok(['deny', '203.0.113.1']);
  await netxfw.ok(['del', '203.0.113.1']);
}

it(`bytes that are no requests are refused, and cost nothing (seed ${SEED})`, async () => {
  await attack(lab.peer, 'garbage', 500);
  const [memory, open] = [residentMemory(), descriptors()];
  const outcome = await attack(lab.peer, 'garbage', 3000);
  expect(serverErrors(outcome)).toEqual([]);
  expect(outcome.statuses['400']).toBeGreaterThan(100);
  await until('the connections to be gone', () => descriptors() <= open + 2);
  expect(residentMemory() - memory).toBeLessThan(40 * 2 ** 20);
  expect(netxfw.daemon.status).toBeUndefined();
});

it('requests that come faster than answers are all answered', async () => {
  const { statuses, silent } = await attack(lab.peer, 'pipeline', 200);
  expect({ statuses, silent }).toEqual({ statuses: { 200: 200 }, silent: 0 });
});

it('a thousand slow connections keep nobody out and are hung up on', async () => {
  const open = descriptors();
  const slow = attack(lab.peer, 'slow', 1000);
  await until('the slow ones to be connected', () => descriptors() > open + 20);
  // One host gets a share of the connections, so that others find some left.
  expect(descriptors()).toBeLessThan(open + 200);
  const answer = await request(lab.fw, `http://${FW4}:${PORT}/api/stats`, bearer(token));
  expect(answer.status).toBe(200);
  await everythingWorks();
  const outcome = await slow;
  expect(serverErrors(outcome)).toEqual([]);
  expect(outcome.silent).toBeGreaterThan(900);
  await until('the connections to be gone', () => descriptors() <= open + 2);
});

it('the firewall and its daemon are as they were', async () => {
  await everythingWorks();
  expect(netxfw.daemon.status).toBeUndefined();
  expect((await netxfw.status()).warnings).toEqual([]);
  expect(netxfw.daemon.stderr).not.toContain('request failed');
});
