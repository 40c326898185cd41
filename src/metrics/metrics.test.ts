import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeNetxfw } from '../../test/support/fake-netxfw.ts';
import type { EngineEvent } from '../model/events.ts';
import type { PerfReport } from '../model/operations.ts';
import { createMock, type MockNetxfw } from '../sdk/mock.ts';
import { Metrics } from './metrics.ts';

let netxfw: MockNetxfw;
let metrics: Metrics;

beforeEach(async () => {
  netxfw = await createMock();
  metrics = new Metrics(netxfw);
});

afterEach(async () => {
  metrics[Symbol.dispose]();
  await netxfw.close();
});

/** The value of a series, as Prometheus reads it. */
const valueIn = (text: string, series: string) => {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
};
/** What Prometheus's own checker says. */
function promtool(input: string) {
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('metrics', () => {
  it('are what promtool calls good', async () => {
    metrics.observe({ method: 'GET', route: '/api/stats', status: 200, seconds: 0.001 });
    expect(promtool(await metrics.read())).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('count packets and bytes by verdict and reason', async () => {
    await netxfw.rules.add({ list: 'deny', prefix: '192.0.2.1' });
    for (const bytes of [60, 1500]) netxfw.dataplane.receive('192.0.2.1', bytes);
    netxfw.dataplane.receive('192.0.2.2', 100);
    const text = await metrics.read();
    expect(valueIn(text, 'netxfw_packets_total{verdict="drop",reason="denied_host"}')).toBe(2);
    expect(valueIn(text, 'netxfw_bytes_total{verdict="drop",reason="denied_host"}')).toBe(1560);
    expect(valueIn(text, 'netxfw_packets_total{verdict="pass",reason="default"}')).toBe(1);
    expect(valueIn(text, 'netxfw_packets_total{verdict="drop",reason="default"}')).toBe(0);
  });

  it('say what the firewall consists of', async () => {
    await netxfw.rules.addMany([
      { list: 'deny', prefix: '192.0.2.1' },
      { list: 'allow', prefix: '192.0.2.0/24' },
    ]);
    await netxfw.dynamic.add({ prefix: '198.51.100.1' });
    const text = await metrics.read();
    expect(valueIn(text, 'netxfw_rules{list="allow"}')).toBe(1);
    expect(valueIn(text, 'netxfw_rules{list="deny"}')).toBe(1);
    expect(valueIn(text, 'netxfw_rules{list="dynamic"}')).toBe(1);
    expect(valueIn(text, 'netxfw_map_entries{map="lock_hosts"}')).toBe(1);
    expect(text).toMatch(/^netxfw_map_capacity\{map="lock_hosts"\} \d+$/m);
    expect(text).toMatch(/^netxfw_build_info\{version="mock",node="[\d.]+"\} 1$/m);
  });

  it('count requests by route and status, and no method that somebody made up', async () => {
    metrics.observe({ method: 'GET', route: '/api/rules', status: 200, seconds: 0.002 });
    metrics.observe({ method: 'GET', route: '/api/rules', status: 200, seconds: 0.2 });
    metrics.observe({ method: 'QUERY', route: 'unknown', status: 404, seconds: 0 });
    const text = await metrics.read();
    expect(valueIn(text, 'netxfw_api_requests_total{method="GET",route="/api/rules",status="200"}')).toBe(2);
    expect(valueIn(text, 'netxfw_api_requests_total{method="other",route="unknown",status="404"}')).toBe(1);
    expect(valueIn(text, 'netxfw_api_request_duration_seconds_bucket{le="0.005",route="/api/rules"}')).toBe(1);
  });

  it('have figures of the process', async () => {
    const text = await metrics.read();
    for (const name of ['process_cpu_seconds_total', 'process_resident_memory_bytes', 'process_open_fds']) {
      expect(valueIn(text, name)).toBeGreaterThan(0);
    }
    expect(valueIn(text, 'process_start_time_seconds')).toBeLessThanOrEqual(Date.now() / 1000);
  });

  it('share a reading among scrapes that come together', async () => {
    const get = vi.fn(netxfw.stats.get);
    using shared = new Metrics({ ...netxfw, stats: { ...netxfw.stats, get } });
    const [first, second] = await Promise.all([shared.read(), shared.read()]);
    expect(first).toBe(second);
    expect(get).toHaveBeenCalledTimes(1);
  });

  it('leave out what cannot be read, and say so', async () => {
    using broken = new Metrics(fakeNetxfw({ stats: { get: netxfw.stats.get }, events: { async *engine() {} } }));
    const text = await broken.read();
    expect(valueIn(text, 'netxfw_collector_success{collector="stats"}')).toBe(1);
    expect(valueIn(text, 'netxfw_collector_success{collector="state"}')).toBe(0);
    expect(text).not.toContain('netxfw_rules{');
  });
});

describe('changes', () => {
  const at = '2026-01-01T00:00:00.000Z';
  const rules = { type: 'rules', at, list: 'deny', prefixes: [], origin: 'cli' } as const;
  const happened: EngineEvent[] = [
    { ...rules, added: 3, removed: 1 },
    { type: 'expired', at, list: 'deny', prefixes: [], count: 2 },
    { type: 'dynamic', at, action: 'auto-blocked', prefix: '192.0.2.1', reason: 'rate' },
    { type: 'reload', at, kind: 'incremental', changes: [], milliseconds: 1, message: '' },
    { type: 'health', at, healthy: true, message: '' },
  ];

  it('are counted as they are told', async () => {
    async function* engine() {
      yield* happened;
    }
    using counting = new Metrics({ ...netxfw, events: { ...netxfw.events, engine } });
    await vi.waitFor(
      async () => {
        const text = await counting.read();
        expect(valueIn(text, 'netxfw_reloads_total{kind="incremental"}')).toBe(1);
        expect(valueIn(text, 'netxfw_reloads_total{kind="failed"}')).toBe(0);
        expect(valueIn(text, 'netxfw_rule_changes_total{list="deny",change="added"}')).toBe(3);
        expect(valueIn(text, 'netxfw_rule_changes_total{list="deny",change="removed"}')).toBe(1);
        expect(valueIn(text, 'netxfw_rule_changes_total{list="deny",change="expired"}')).toBe(2);
        expect(valueIn(text, 'netxfw_dynamic_changes_total{action="auto-blocked"}')).toBe(1);
      },
      { timeout: 10_000 },
    );
  });
});

describe('figures that others sum up', () => {
  const latency = [
    { operation: 'deny.put', count: 4, errors: 1, min: 1, mean: 50, max: 100, p50: 40, p90: 90, p99: 99 },
  ];
  const caches = [{ name: 'stats', hits: 9, misses: 1, evictions: 0, size: 1, hitRate: 0.9 }];
  const get = async () => ({ latency, caches }) as unknown as PerfReport;

  it('of map operations are a summary, in seconds, that promtool calls good', async () => {
    using observed = new Metrics({ ...netxfw, perf: { get, reset: async () => {} } });
    const text = await observed.read();
    expect(valueIn(text, 'netxfw_map_operation_seconds{quantile="0.99",operation="deny.put"}')).toBe(0.000099);
    expect(valueIn(text, 'netxfw_map_operation_seconds_sum{operation="deny.put"}')).toBe(0.0002);
    expect(valueIn(text, 'netxfw_map_operation_seconds_count{operation="deny.put"}')).toBe(4);
    expect(valueIn(text, 'netxfw_cache_lookups_total{cache="stats",result="hit"}')).toBe(9);
    expect(promtool(text)).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('of connections are counted at most once a minute', async () => {
    const counts = vi.fn(netxfw.conns.counts);
    using observed = new Metrics({ ...netxfw, conns: { ...netxfw.conns, counts } });
    expect(valueIn(await observed.read(), 'netxfw_conntrack_flows{state="established"}')).toBe(0);
    await observed.read();
    expect(counts).toHaveBeenCalledTimes(1);
  });
});
