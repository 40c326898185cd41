import { Group, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconListCheck, IconSearchOff } from '@tabler/icons-react';
import { useCallback, useMemo, useState } from 'react';
import type { ListName } from '../../../../src/model/entries.ts';
import { RULE_SORTS, type Rule, type RuleSort } from '../../../../src/model/rules.ts';
import { netxfw } from '../../api/netxfw.ts';
import { type RowPage, usePaged } from '../../api/paged.ts';
import { useT } from '../../i18n/i18n.ts';
import { EmptyState, FailureState, LoadingState } from '../../parts/states.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { type Sort, VirtualTable } from '../../parts/virtual-table/virtual-table.tsx';
import { EditReason } from './edit-reason.tsx';
import { RuleToolbar } from './rule-toolbar.tsx';
import { useRuleColumns } from './use-rule-columns.tsx';
import { useSelection } from './use-selection.ts';

/** How long after the last key the search is sent, milliseconds. */
const TYPING = 250;

export function StaticRules({ list }: { readonly list: ListName }) {
  const t = useT();
  const url = useUrlState();
  const search = url.get('search');
  const [sought] = useDebouncedValue(search, TYPING);
  const sort = sortFrom(url.get('sort'), url.get('order'));
  const query = useMemo(
    () => ({
      list,
      ...(sought === '' ? {} : { search: sought }),
      ...(sort === null ? {} : { sort: sort.id as RuleSort, descending: sort.descending }),
    }),
    [list, sought, sort?.id, sort?.descending, sort],
  );
  const fetchPage = async (offset: number, limit: number): Promise<RowPage<Rule>> => {
    const { rules, total } = await netxfw.rules.list({ ...query, offset, limit });
    return { rows: rules, total };
  };
  const paged = usePaged<Rule>(['rules', 'pages', query], fetchPage);
  const selection = useSelection(list, sought);
  const [edited, setEdited] = useState<Rule | null>(null);
  const columns = useRuleColumns({ selection, onEdit: setEdited });
  const keyOf = useCallback((rule: Rule) => rule.prefix, []);

  return (
    <>
      <RuleToolbar list={list} selection={selection} />
      {paged.loading && paged.error !== null && <FailureState error={paged.error} onRetry={paged.refetch} />}
      {paged.loading && paged.error === null && <LoadingState rows={8} />}
      {!paged.loading && (
        <>
          <VirtualTable
            label={t(`list.${list}`)}
            columns={columns}
            count={paged.total}
            rowAt={paged.rowAt}
            keyOf={keyOf}
            onRange={paged.onRange}
            sort={sort}
            onSort={(next) => url.set({ sort: next?.id ?? '', order: next?.descending ? 'descending' : '' })}
            empty={<NoRules list={list} searching={sought !== ''} />}
          />
          <Group justify="space-between" mt="xs">
            <Text size="sm" className="dim" role="status">
              {t('rules.found', { n: paged.total })}
            </Text>
          </Group>
        </>
      )}
      <EditReason rule={edited} onClose={() => setEdited(null)} />
    </>
  );
}

const COLUMN_SORTS: Readonly<Record<string, RuleSort>> = Object.fromEntries(RULE_SORTS.map((sort) => [sort, sort]));

function sortFrom(id: string, order: string): Sort | null {
  return id in COLUMN_SORTS ? { id, descending: order === 'descending' } : null;
}

function NoRules({ list, searching }: { readonly list: ListName; readonly searching: boolean }) {
  const t = useT();
  if (searching)
    return <EmptyState icon={<IconSearchOff />} title={t('rules.emptySearch')} text={t('rules.emptySearchText')} />;
  const title = t(list === 'deny' ? 'rules.emptyDeny' : 'rules.emptyAllow');
  const text = t(list === 'deny' ? 'rules.emptyDenyText' : 'rules.emptyAllowText');
  return <EmptyState icon={<IconListCheck />} title={title} text={text} />;
}
