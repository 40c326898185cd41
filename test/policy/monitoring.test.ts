import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { Metrics } from '../../src/metrics/metrics.ts';
import { createMock } from '../../src/sdk/mock.ts';
import { ROOT, read } from './sources.ts';

const RULES = 'packaging/prometheus/netxfw.rules.yml';
const DASHBOARD = 'packaging/grafana/netxfw.json';

const netxfw = await createMock();
const metrics = new Metrics(netxfw);
afterAll(async () => {
  metrics[Symbol.dispose]();
  await netxfw.close();
});

const known = new Set(
  metrics
    .describe()
    .flatMap(({ name, type }) =>
      type === 'histogram' || type === 'summary' ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
);
const named = (text: string) =>
  [...text.matchAll(/\b((?:netxfw|process|nodejs)_[a-z0-9_]+)/g)].map((match) => match[1]!);

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
}
const expressions = (JSON.parse(read(DASHBOARD)) as Dashboard).panels.flatMap(({ targets }) =>
  targets.map(({ expr }) => expr),
);

/** What Prometheus's own checker says of a rules file. */
function checkRules(file: string) {
  const { status, stderr } = spawnSync('promtool', ['check', 'rules', file], { cwd: ROOT, encoding: 'utf8' });
  return { status, stderr };
}

describe('alert rules', () => {
  it('are what promtool accepts', () => {
    expect(checkRules(RULES)).toEqual({ status: 0, stderr: '' });
  });

  it('ask for metrics that exist', () => {
    const asked = named(read(RULES).replace(/^#.*$/gm, ''));
    expect(asked.length).toBeGreaterThan(8);
    expect(asked.filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('the dashboard', () => {
  it('asks questions that Prometheus understands', () => {
    const plain = (expr: string) => expr.replaceAll('$__rate_interval', '5m').replaceAll('$instance', '.*');
    const rules = expressions.map((expr, at) => ({ record: `panel:${at}`, expr: plain(expr) }));
    expect(rules.length).toBeGreaterThan(10);
    const directory = mkdtempSync(join(tmpdir(), 'nxt-dashboard-'));
    const file = join(directory, 'rules.yml');
    writeFileSync(file, stringify({ groups: [{ name: 'panels', rules }] }));
    expect(checkRules(file)).toEqual({ status: 0, stderr: '' });
    rmSync(directory, { recursive: true });
  });

  it('asks for metrics that exist', () => {
    expect(expressions.flatMap(named).filter((name) => !known.has(name))).toEqual([]);
  });
});
