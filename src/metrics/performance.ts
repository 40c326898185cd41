import { Counter, type Metric, type Registry } from 'prom-client';
import type { CacheFigures, LatencyFigures } from '../model/operations.ts';
import type { Collector } from './collector.ts';

const MICROSECONDS = 1e6;
const NAME = 'netxfw_map_operation_seconds';
const HELP = 'How long operations on the kernel maps take: count, sum and quantiles since the last `perf reset`.';

/** Latency of map operations and the caches between readers and the kernel. */
export function performanceMetrics(registry: Registry): Collector {
  const latency = new OperationSummary();
  registry.registerMetric(latency as unknown as Metric);
  const counter = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
    new Counter({ name, help, labelNames, registers: [registry] });
  const errors = counter(
    'netxfw_map_operation_errors_total',
    'Operations on the kernel maps that failed.',
    'operation',
  );
  const lookups = counter('netxfw_cache_lookups_total', 'Questions to a cache, by result.', 'cache', 'result');
  const evictions = counter('netxfw_cache_evictions_total', 'Entries that a cache gave up to make room.', 'cache');
  const clear = () => {
    latency.figures = [];
    for (const one of [errors, lookups, evictions]) one.reset();
  };
  return {
    name: 'performance',
    clear,
    async collect(netxfw) {
      const report = await netxfw.perf.get();
      clear();
      latency.figures = report.latency;
      for (const { operation, errors: count } of report.latency) errors.inc({ operation }, count);
      for (const cache of report.caches) count(cache);
    },
  };

  function count({ name, hits, misses, evictions: gone }: CacheFigures): void {
    lookups.inc({ cache: name, result: 'hit' }, hits);
    lookups.inc({ cache: name, result: 'miss' }, misses);
    evictions.inc({ cache: name }, gone);
  }
}

/** A summary of figures that are summed up elsewhere already: the client's own one would need every single value. */
class OperationSummary {
  readonly name = NAME;
  readonly help = HELP;
  readonly type = 'summary';
  readonly aggregator = 'sum';
  readonly labelNames = ['operation', 'quantile'];
  figures: readonly LatencyFigures[] = [];

  async get() {
    const { name, help, type, aggregator } = this;
    return { name, help, type, aggregator, values: this.figures.flatMap(samples) };
  }

  reset(): void {
    this.figures = [];
  }
}

function samples({ operation, count, mean, p50, p90, p99 }: LatencyFigures) {
  const labels = { operation };
  const quantiles: [number, number][] = [
    [0.5, p50],
    [0.9, p90],
    [0.99, p99],
  ];
  return [
    ...quantiles.map(([quantile, value]) => ({ labels: { quantile, ...labels }, value: value / MICROSECONDS })),
    { metricName: `${NAME}_sum`, labels, value: (mean * count) / MICROSECONDS },
    { metricName: `${NAME}_count`, labels, value: count },
  ];
}
