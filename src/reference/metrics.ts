import { Metrics } from '../metrics/metrics.ts';
import type { Netxfw } from '../sdk/types.ts';
import { code, page, table } from './markdown.ts';

const INTRODUCTION = `Served at \`http://127.0.0.1:9100/metrics\` (\`metrics\` in config.yaml) and, with a token, at \`/metrics\` of the
API. \`packaging/prometheus/netxfw.rules.yml\` has alerts, \`packaging/grafana/netxfw.json\` a dashboard.

The labels \`verdict\` and \`reason\` are those of [reasons.md](reasons.md); the verdict \`would_drop\` is what monitor mode lets
pass. A reading takes a few milliseconds, whatever the number of rules.`;

/** docs/reference/metrics.md */
export function metricsPage(netxfw: Netxfw): string {
  using metrics = new Metrics(netxfw);
  const rows = [...metrics.describe()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, type, labelNames, help }) => [code(name), type, labelNames.map(code).join(', '), help]);
  return page('Metrics', 'src/metrics', INTRODUCTION, table(['name', 'type', 'labels', 'meaning'], rows));
}
