import { Paper, SimpleGrid, Text } from '@mantine/core';
import { IconHelpHexagon } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useT } from '../../i18n/i18n.ts';
import { Page, Panel } from '../../parts/page.tsx';
import { EmptyState } from '../../parts/states.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { Explanation } from './explanation.tsx';
import { PacketForm } from './packet-form.tsx';
import { FIELDS, requestFrom } from './request.ts';

/** A packet in a form, and its path through the filter. The packet stands in the address. */
export default function ExplainPage() {
  const t = useT();
  const url = useUrlState();
  const fields = Object.fromEntries(FIELDS.map((field) => [field, url.get(field)]));
  const key = JSON.stringify(fields);
  const request = useMemo(() => requestFrom(JSON.parse(key) as Record<string, string>), [key]);
  return (
    <Page title={t('explain.title')}>
      <Text size="sm" className="dim">
        {t('explain.text')}
      </Text>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        <div>
          <Panel title={t('explain.packet')}>
            <PacketForm key={key} initial={fields} onSubmit={(values) => url.set(values)} />
          </Panel>
        </div>
        {request === null ? (
          <Paper withBorder p="md">
            <EmptyState icon={<IconHelpHexagon />} title={t('explain.empty')} text={t('explain.emptyText')} />
          </Paper>
        ) : (
          <Panel title={t('explain.verdict')}>
            <Explanation request={request} />
          </Panel>
        )}
      </SimpleGrid>
    </Page>
  );
}
