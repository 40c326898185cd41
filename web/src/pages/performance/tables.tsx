import { Progress, Table, Text } from '@mantine/core';
import { IconDatabase, IconStopwatch } from '@tabler/icons-react';
import type { CacheFigures, LatencyFigures } from '../../../../src/model/operations.ts';
import { formatNumber, useT } from '../../i18n/i18n.ts';
import { formatCount, formatPercent } from '../../parts/format.ts';
import { Panel } from '../../parts/page.tsx';
import { EmptyState } from '../../parts/states.tsx';
import { Mono } from '../../parts/time.tsx';
import { WideTable } from '../../parts/wide-table.tsx';
import { LatencyBar } from './latency-bar.tsx';

export function LatencyTable({ latency }: { readonly latency: readonly LatencyFigures[] }) {
  const t = useT();
  const longest = Math.max(1, ...latency.map(({ p99 }) => p99));
  return (
    <Panel title={t('performance.latency')}>
      <Text size="sm" className="dim" mb="xs">
        {t('performance.latencyText')}
      </Text>
      {latency.length === 0 ? (
        <EmptyState icon={<IconStopwatch />} title={t('performance.noLatency')} />
      ) : (
        <WideTable least={860} verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('performance.operation')}</Table.Th>
              <Table.Th className="numeric">{t('performance.count')}</Table.Th>
              <Table.Th className="numeric">{t('performance.errors')}</Table.Th>
              <Table.Th className="numeric">{t('performance.min')}</Table.Th>
              <Table.Th className="numeric">{t('performance.mean')}</Table.Th>
              <Table.Th className="numeric">p50</Table.Th>
              <Table.Th className="numeric">p90</Table.Th>
              <Table.Th className="numeric">p99</Table.Th>
              <Table.Th className="numeric">{t('performance.max')}</Table.Th>
              <Table.Th w="20%">{t('performance.spread')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {latency.map((row) => (
              <Table.Tr key={row.operation}>
                <Table.Td>
                  <Mono>{row.operation}</Mono>
                </Table.Td>
                <Table.Td className="numeric">{formatCount(row.count)}</Table.Td>
                <Table.Td className={row.errors > 0 ? 'numeric drop' : 'numeric'}>{formatCount(row.errors)}</Table.Td>
                {[row.min, row.mean, row.p50, row.p90, row.p99, row.max].map((value, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns stay where they are
                  <Table.Td key={at} className="numeric">
                    {formatNumber(value)}
                  </Table.Td>
                ))}
                <Table.Td>
                  <LatencyBar figures={row} longest={longest} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </WideTable>
      )}
    </Panel>
  );
}

export function CacheTable({ caches }: { readonly caches: readonly CacheFigures[] }) {
  const t = useT();
  return (
    <Panel title={t('performance.caches')}>
      {caches.length === 0 ? (
        <EmptyState icon={<IconDatabase />} title={t('performance.noCaches')} />
      ) : (
        <WideTable least={640} verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('performance.cache')}</Table.Th>
              <Table.Th className="numeric">{t('performance.hits')}</Table.Th>
              <Table.Th className="numeric">{t('performance.misses')}</Table.Th>
              <Table.Th className="numeric">{t('performance.evictions')}</Table.Th>
              <Table.Th className="numeric">{t('performance.size')}</Table.Th>
              <Table.Th w="30%">{t('performance.hitRate')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {caches.map(({ name, hits, misses, evictions, size, hitRate }) => (
              <Table.Tr key={name}>
                <Table.Td>
                  <Mono>{name}</Mono>
                </Table.Td>
                <Table.Td className="numeric">{formatCount(hits)}</Table.Td>
                <Table.Td className="numeric">{formatCount(misses)}</Table.Td>
                <Table.Td className="numeric">{formatCount(evictions)}</Table.Td>
                <Table.Td className="numeric">{formatCount(size)}</Table.Td>
                <Table.Td>
                  <Text size="sm">{formatPercent(hitRate)}</Text>
                  <Progress value={hitRate * 100} size="sm" aria-label={name} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </WideTable>
      )}
    </Panel>
  );
}
