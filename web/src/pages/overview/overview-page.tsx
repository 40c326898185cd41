import { SimpleGrid } from '@mantine/core';
import { useStatus } from '../../api/queries.ts';
import { useT } from '../../i18n/i18n.ts';
import { Page } from '../../parts/page.tsx';
import { Loaded } from '../../parts/states.tsx';
import { Interfaces, Maps } from './attachments.tsx';
import { Headline } from './headline.tsx';
import { QuickBlock } from './quick-block.tsx';
import { Top } from './top.tsx';
import { TrafficPanel } from './traffic-panel.tsx';
import { Warnings } from './warnings.tsx';

/** What is happening, at a glance, and the first thing to do about it. */
export default function OverviewPage() {
  const t = useT();
  const status = useStatus();
  return (
    <Page title={t('overview.title')} aside={<QuickBlock />}>
      <Loaded query={status} rows={8}>
        {(data) => (
          <>
            <Headline status={data} />
            <Warnings warnings={data.warnings} />
            <TrafficPanel />
            <Top />
            <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
              <Interfaces attachments={data.attachments} />
              <Maps maps={data.maps} />
            </SimpleGrid>
          </>
        )}
      </Loaded>
    </Page>
  );
}
