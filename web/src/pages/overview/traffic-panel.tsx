import { Button, Group, SegmentedControl, Text } from '@mantine/core';
import { IconChartAreaLine, IconZoomOut } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useStore } from '../../api/store.ts';
import { traffic } from '../../api/traffic.ts';
import { useT } from '../../i18n/i18n.ts';
import { formatSi } from '../../parts/format.ts';
import { Panel } from '../../parts/page.tsx';
import { EmptyState } from '../../parts/states.tsx';
import { choiceOf, useUrlState } from '../../parts/url-state.ts';
import { Legend } from './legend.tsx';
import { stackOf } from './stack.ts';
import { type Span, TrafficChart } from './traffic-chart.tsx';

const UNITS = ['pps', 'bps'] as const;
const SHOWN = ['all', 'drop'] as const;

export function TrafficPanel() {
  const t = useT();
  const url = useUrlState();
  const unit = choiceOf(UNITS, url.get('unit'));
  const show = choiceOf(SHOWN, url.get('show'));
  const zoom = spanFrom(url.get('from'), url.get('to'));
  const { samples, latest } = useStore(traffic);
  const stack = useMemo(() => stackOf(samples, unit, show === 'drop'), [samples, unit, show]);
  const [cursor, setCursor] = useState<number | null>(null);

  const setZoom = (span: Span | null) =>
    url.set({ from: span === null ? '' : span[0].toFixed(1), to: span === null ? '' : span[1].toFixed(1) });
  const label = t('overview.chartLabel', {
    passed: formatSi(latest?.passed.pps ?? 0),
    dropped: formatSi(latest?.dropped.pps ?? 0),
  });

  return (
    <Panel
      title={t('overview.traffic')}
      aside={
        <Group gap="xs">
          {zoom !== null && (
            <Button size="xs" variant="light" leftSection={<IconZoomOut size={16} />} onClick={() => setZoom(null)}>
              {t('overview.zoomOut')}
            </Button>
          )}
          <SegmentedControl
            size="xs"
            aria-label={t('overview.show')}
            value={show}
            onChange={(value) => url.set({ show: value === 'all' ? '' : value })}
            data={SHOWN.map((value) => ({ value, label: t(`overview.show.${value}`) }))}
          />
          <SegmentedControl
            size="xs"
            aria-label={t('overview.unit')}
            value={unit}
            onChange={(value) => url.set({ unit: value === 'pps' ? '' : value })}
            data={UNITS.map((value) => ({ value, label: t(`overview.unit.${value}`) }))}
          />
        </Group>
      }
    >
      {samples.length < 2 ? (
        <EmptyState icon={<IconChartAreaLine />} title={t('overview.chartWaiting')} />
      ) : (
        <>
          <TrafficChart stack={stack} label={label} zoom={zoom} onZoom={setZoom} onCursor={setCursor} />
          <Text size="xs" className="dim" mb="xs">
            {t('overview.chartHelp')}
          </Text>
          <Legend stack={stack} unit={unit} cursor={cursor} />
        </>
      )}
    </Panel>
  );
}

function spanFrom(from: string, to: string): Span | null {
  const span = [Number.parseFloat(from), Number.parseFloat(to)] as const;
  return span[0] < span[1] ? span : null;
}
