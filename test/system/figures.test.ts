import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { ListenerName, Stats } from '../../src/model/status.ts';
import { bearer, metricIn, request } from '../support/http.ts';
import { Instance } from '../support/instance.ts';
import { BAD4, GOOD4, Lab } from '../support/lab.ts';
import { until } from '../support/process.ts';
import { arrivals, framesFrom } from '../support/traffic.ts';

const RULES = fileURLToPath(new URL('../../packaging/prometheus/netxfw.rules.yml', import.meta.url));

const lab = Lab.create();
const netxfw = new Instance(lab);
let token: string;
beforeAll(async () => {
  await netxfw.start();
  token = (await netxfw.ok(['token', 'create', 'reader', '--role', 'read', '-q'])).trim();
});
afterAll(async () => {
  await netxfw.stop();
  lab.dispose();
});

async function addressOf(name: ListenerName): Promise<string> {
  const { listeners } = await netxfw.status();
  const listener = listeners.find((candidate) => candidate.name === name);
  expect(listener).toMatchObject({ problem: null });
  return listener!.address;
}

const bytesOf = (frames: readonly { bytes: Uint8Array }[]) => frames.reduce((sum, { bytes }) => sum + bytes.length, 0);

it('CLI, API and metrics tell of the traffic that was sent, to the packet', async () => {
  await netxfw.ok(['deny', BAD4]);
  const [bad, good] = [framesFrom(BAD4), framesFrom(GOOD4)];
  const before = await netxfw.stats();
  await arrivals(lab, [...bad, ...good, ...bad]);
  // Figures may be as old as stats_cache.ttl; more than was sent is never counted.
  await until('the counters to have it all', async () => {
    const { dropped } = await netxfw.stats();
    expect(dropped.packets - before.dropped.packets).toBeLessThanOrEqual(2 * bad.length);
    return dropped.packets - before.dropped.packets === 2 * bad.length;
  });
  const after = await netxfw.stats();
  expect(after.dropped.bytes - before.dropped.bytes).toBe(2 * bytesOf(bad));
  expect(after.passed.packets - before.passed.packets).toBeGreaterThanOrEqual(good.length);

  const api = await request(lab.fw, `${await addressOf('api')}/api/stats`, bearer(token));
  expect(api.status).toBe(200);
  const counted = JSON.parse(api.body) as Stats;
  expect(counted.dropped).toEqual(after.dropped);

  for (const [name, options] of [
    ['metrics', []],
    ['api', bearer(token)],
  ] as const) {
    const { body } = await request(lab.fw, `${await addressOf(name)}/metrics`, options);
    const series = '{verdict="drop",reason="denied_host"}';
    expect(metricIn(body, `netxfw_packets_total${series}`)).toBe(after.dropped.packets);
    expect(metricIn(body, `netxfw_bytes_total${series}`)).toBe(after.dropped.bytes);
    expect(metricIn(body, 'netxfw_rule_changes_total{list="deny",change="added"}')).toBe(1);
    for (const collector of ['stats', 'state', 'conntrack', 'performance']) {
      expect(metricIn(body, `netxfw_collector_success{collector="${collector}"}`), collector).toBe(1);
    }
  }
});

it('a Prometheus scrapes them and loads the alerts', async () => {
  const config = join(lab.directory, 'prometheus.yml');
  const target = new URL(await addressOf('metrics')).host;
  writeFileSync(
    config,
    stringify({
      global: { scrape_interval: '1s' },
      rule_files: [RULES],
      scrape_configs: [{ job_name: 'netxfw', static_configs: [{ targets: [target] }] }],
    }),
  );
  const prometheus = lab.fw.start([
    'prometheus',
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(lab.directory, 'tsdb')}`,
    '--web.listen-address=127.0.0.1:9090',
  ]);
  const ask = async (path: string) => {
    const { stdout } = await lab.fw.run(['curl', '--silent', `http://127.0.0.1:9090/api/v1/${path}`]);
    return stdout === '' ? null : (JSON.parse(stdout).data as Record<string, never[]>);
  };
  const { dropped } = await netxfw.stats();
  await until('a scrape that has the drops', async () => {
    const data = await ask(`query?query=${encodeURIComponent('sum(netxfw_packets_total{verdict="drop"})')}`);
    const [found] = (data?.result ?? []) as { value: [number, string] }[];
    return found !== undefined && Number(found.value[1]) === dropped.packets;
  });
  const targets = (await ask('targets'))!.activeTargets as { health: string; lastError: string }[];
  expect(targets).toMatchObject([{ health: 'up', lastError: '' }]);
  const groups = (await ask('rules'))!.groups as { rules: { name: string; health: string; lastError?: string }[] }[];
  expect(groups[0]!.rules.length).toBeGreaterThan(5);
  expect(groups[0]!.rules.filter(({ lastError = '' }) => lastError !== '')).toEqual([]);
  expect(await prometheus.stop('SIGTERM')).toBe(0);
});
