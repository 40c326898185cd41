import { Button, SimpleGrid } from '@mantine/core';
import { IconRestore } from '@tabler/icons-react';
import type { ProcessFigures } from '../../../../src/model/operations.ts';
import { useChanges } from '../../api/change.ts';
import { netxfw } from '../../api/netxfw.ts';
import { usePerf } from '../../api/queries.ts';
import { useCanChange } from '../../api/session.tsx';
import { formatNumber, useT } from '../../i18n/i18n.ts';
import { formatBytes, formatPercent, formatSpan } from '../../parts/format.ts';
import { Page } from '../../parts/page.tsx';
import { Loaded } from '../../parts/states.tsx';
import { Tile } from '../../parts/tile.tsx';
import { CacheTable, LatencyTable } from './tables.tsx';

/** How the daemon itself fares. */
export default function PerformancePage() {
  const t = useT();
  const query = usePerf();
  const { make, busy } = useChanges();
  const allowed = useCanChange();
  return (
    <Page
      title={t('performance.title')}
      aside={
        <Button
          variant="default"
          leftSection={<IconRestore size={16} />}
          onClick={() => void make(() => netxfw.perf.reset())}
          disabled={busy || !allowed}
        >
          {t('performance.reset')}
        </Button>
      }
    >
      <Loaded query={query} rows={10}>
        {({ process, latency, caches }) => (
          <>
            <Process figures={process} />
            <LatencyTable latency={latency} />
            <CacheTable caches={caches} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Process({ figures }: { readonly figures: ProcessFigures }) {
  const t = useT();
  const { cpu, residentMemory, heapUsed, eventLoopDelay, uptime } = figures;
  const { mean, p99, max } = eventLoopDelay;
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
      <Tile title={t('performance.cpu')} value={formatPercent(cpu)}>
        {t('performance.cpuOf')}
      </Tile>
      <Tile title={t('performance.memory')} value={formatBytes(residentMemory)}>
        {t('performance.heap', { heap: formatBytes(heapUsed) })}
      </Tile>
      <Tile title={t('performance.lag')} value={`${formatNumber(mean)} ms`}>
        {t('performance.lagMore', { p99, max })}
      </Tile>
      <Tile title={t('performance.uptime')} value={formatSpan(uptime)} />
    </SimpleGrid>
  );
}
