import { Badge, Button, Center, Table, Text } from '@mantine/core';
import { IconClipboardList } from '@tabler/icons-react';
import { type AuditRecord, auditDetail } from '../../../../src/model/audit.ts';
import { useAudit } from '../../api/audit.ts';
import { en, type TextKey } from '../../i18n/en/index.ts';
import { type Translate, useT } from '../../i18n/i18n.ts';
import { SearchField } from '../../parts/fields.tsx';
import { formatDate, formatDay, formatTime } from '../../parts/format.ts';
import { Panel } from '../../parts/page.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { failureTitle } from '../../parts/tell.tsx';
import { Mono } from '../../parts/time.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { WideTable } from '../../parts/wide-table.tsx';

/** As the server takes it. */
const LONGEST_SEARCH = 256;

/** Who changed what, and who was refused. */
export function AuditLog() {
  const t = useT();
  const url = useUrlState();
  const search = url.get('audit');
  const query = useAudit(search.trim());
  return (
    <Panel
      title={t('audit.title')}
      aside={
        <SearchField
          size="xs"
          most={LONGEST_SEARCH}
          label={t('audit.search')}
          placeholder={t('audit.searchPlaceholder')}
          value={search}
          onChange={(value) => url.set({ audit: value })}
        />
      }
    >
      <Text size="sm" className="dim" mb="xs">
        {t('audit.text')}
      </Text>
      <Loaded query={query}>
        {({ pages }) => <Records records={pages.flatMap(({ records }) => records)} searched={search !== ''} />}
      </Loaded>
      {query.hasNextPage && (
        <Center mt="sm">
          <Button
            size="xs"
            variant="default"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t('audit.older')}
          </Button>
        </Center>
      )}
    </Panel>
  );
}

function Records({ records, searched }: { readonly records: readonly AuditRecord[]; readonly searched: boolean }) {
  const t = useT();
  if (records.length === 0) {
    return <EmptyState icon={<IconClipboardList />} title={t(searched ? 'audit.emptySearch' : 'audit.empty')} />;
  }
  return (
    <WideTable least={780} maxHeight={560} stickyHeader verticalSpacing={6} aria-label={t('audit.title')}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={130}>{t('audit.when')}</Table.Th>
          <Table.Th miw={190}>{t('audit.what')}</Table.Th>
          <Table.Th w={160}>{t('audit.who')}</Table.Th>
          <Table.Th w={150}>{t('audit.from')}</Table.Th>
          <Table.Th w={140}>{t('audit.result')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {records.map((record) => (
          <Row key={record.id} record={record} />
        ))}
      </Table.Tbody>
    </WideTable>
  );
}

function Row({ record }: { readonly record: AuditRecord }) {
  const t = useT();
  const { at, who, via, from, outcome } = record;
  const detail = auditDetail(record);
  const done = outcome === 'ok';
  return (
    <Table.Tr>
      <Table.Td>
        <time dateTime={at} title={formatDate(at)}>
          {formatTime(at)}
          <Text size="xs" className="dim" style={{ whiteSpace: 'nowrap' }}>
            {formatDay(at)}
          </Text>
        </time>
      </Table.Td>
      <Table.Td>
        {actionText(t, record)}
        {detail !== '' && (
          <Text size="xs" className="dim mono">
            {detail}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        {via === 'none' ? t('audit.stranger') : who}
        <Text size="xs" className="dim">
          {t(`audit.way.${via}`)}
        </Text>
      </Table.Td>
      <Table.Td>{from === null ? '' : <Mono>{from.replace(/ port .*/, '')}</Mono>}</Table.Td>
      <Table.Td>
        <Badge color={done ? 'teal' : 'orange'} variant="light" tt="none" c="var(--mantine-color-text)" title={outcome}>
          {done ? t('audit.done') : failureTitle(outcome)}
        </Badge>
      </Table.Td>
    </Table.Tr>
  );
}

function actionText(t: Translate, { route, target }: AuditRecord): string {
  const key = `audit.action.${route}`;
  if (key in en) return t(key as TextKey);
  return route.startsWith('GET ') ? t('audit.look', { path: target.split('?')[0]! }) : route;
}
