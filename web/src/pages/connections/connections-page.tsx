import { Group, Select, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconArrowsExchange } from '@tabler/icons-react';
import { useCallback } from 'react';
import { FLOW_STATES, type Flow, type FlowState } from '../../../../src/model/conns.ts';
import { useChanges } from '../../api/change.ts';
import { netxfw } from '../../api/netxfw.ts';
import { type RowPage, usePaged } from '../../api/paged.ts';
import { useFlowCounts } from '../../api/queries.ts';
import { useT } from '../../i18n/i18n.ts';
import { ask } from '../../parts/ask.tsx';
import { ChangeButton } from '../../parts/change-button.tsx';
import { formatCount } from '../../parts/format.ts';
import { Page } from '../../parts/page.tsx';
import { EmptyState, FailureState, LoadingState } from '../../parts/states.tsx';
import { tell } from '../../parts/tell.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { VirtualTable } from '../../parts/virtual-table/virtual-table.tsx';
import { filterFrom, PROTOCOLS } from './filter.ts';
import { keyOf, useFlowColumns } from './use-flow-columns.tsx';

export default function ConnectionsPage() {
  const t = useT();
  const url = useUrlState();
  const { make, busy } = useChanges();
  const counts = useFlowCounts().data;
  const filter = filterFrom(url);
  const [applied] = useDebouncedValue(JSON.stringify(filter), 250);
  const fetchPage = async (offset: number, limit: number): Promise<RowPage<Flow>> => {
    const { flows, total } = await netxfw.conns.list({ ...JSON.parse(applied), offset, limit });
    return { rows: flows, total };
  };
  const paged = usePaged<Flow>(['flows', applied], fetchPage);
  const columns = useFlowColumns();
  const filtered = applied !== '{}';

  const flush = async () => {
    const title = t('connections.flushTitle', { n: paged.total });
    if (!(await ask({ title, text: t('connections.flushText'), action: t('action.remove'), dangerous: true }))) return;
    await make(async () => {
      tell(t('connections.flushed', { n: await netxfw.conns.flush(filter) }));
    });
  };
  const stateLabel = useCallback((state: FlowState) => t(`connections.state.${state}`), [t]);

  return (
    <Page
      title={t('connections.title')}
      aside={
        counts && (
          <Text size="sm" className="dim">
            {t('connections.capacity', { total: formatCount(counts.total), capacity: formatCount(counts.capacity) })}
          </Text>
        )
      }
    >
      <Text size="sm" className="dim">
        {t('connections.text')}
      </Text>
      <Group gap="xs" align="end">
        <Select
          label={t('connections.protocol')}
          w={120}
          value={filter.protocol ?? ''}
          onChange={(value) => url.set({ protocol: value ?? '' })}
          data={[{ value: '', label: t('connections.any') }, ...PROTOCOLS.map((value) => ({ value, label: value }))]}
          allowDeselect={false}
        />
        <Select
          label={t('connections.state')}
          w={150}
          value={filter.state ?? ''}
          onChange={(value) => url.set({ state: value ?? '' })}
          data={[
            { value: '', label: t('connections.any') },
            ...FLOW_STATES.map((value) => ({ value, label: stateLabel(value) })),
          ]}
          allowDeselect={false}
        />
        <TextInput
          label={t('connections.filterPeer')}
          w={220}
          value={url.get('peer')}
          onChange={(event) => url.set({ peer: event.currentTarget.value })}
        />
        <TextInput
          label={t('connections.filterPort')}
          w={90}
          inputMode="numeric"
          value={url.get('port')}
          onChange={(event) => url.set({ port: event.currentTarget.value })}
        />
        <ChangeButton variant="default" onClick={flush} disabled={busy || paged.total === 0}>
          {t('connections.flushAll', { n: paged.total })}
        </ChangeButton>
      </Group>
      {paged.loading && paged.error !== null && <FailureState error={paged.error} onRetry={paged.refetch} />}
      {paged.loading && paged.error === null && <LoadingState rows={8} />}
      {!paged.loading && (
        <VirtualTable
          label={t('connections.label')}
          columns={columns}
          count={paged.total}
          rowAt={paged.rowAt}
          keyOf={keyOf}
          onRange={paged.onRange}
          empty={
            <EmptyState
              icon={<IconArrowsExchange />}
              title={t(filtered ? 'connections.emptyFilter' : 'connections.empty')}
              text={filtered ? '' : t('connections.emptyText')}
            />
          }
        />
      )}
    </Page>
  );
}
