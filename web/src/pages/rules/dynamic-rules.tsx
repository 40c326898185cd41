import { Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconHourglass } from '@tabler/icons-react';
import { useCallback, useMemo } from 'react';
import type { DynamicRule } from '../../../../src/model/status.ts';
import { useChanges } from '../../api/change.ts';
import { netxfw } from '../../api/netxfw.ts';
import { useDynamic } from '../../api/queries.ts';
import { useT } from '../../i18n/i18n.ts';
import { AddButton } from '../../parts/add-button.tsx';
import { ask } from '../../parts/ask.tsx';
import { ChangeButton } from '../../parts/change-button.tsx';
import { SearchField } from '../../parts/fields.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { tell } from '../../parts/tell.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { VirtualTable } from '../../parts/virtual-table/virtual-table.tsx';
import { AddDynamic } from './add-dynamic.tsx';
import { useDynamicColumns } from './use-dynamic-columns.tsx';

/** The dynamic blacklist: short-lived blocks, by hand or by the kernel. */
export function DynamicRules() {
  const t = useT();
  const url = useUrlState();
  const search = url.get('search');
  const query = useDynamic();
  const [adding, add] = useDisclosure();
  const { make, busy } = useChanges();
  const columns = useDynamicColumns();
  const found = useMemo(() => matching(query.data ?? [], search), [query.data, search]);
  const keyOf = useCallback(({ prefix }: DynamicRule) => prefix, []);
  const rowAt = useCallback((index: number) => found[index], [found]);
  const total = query.data?.length ?? 0;

  const clear = async () => {
    const text = t('dynamic.clearText', { n: total });
    if (!(await ask({ title: t('dynamic.clear'), text, action: t('dynamic.clear'), dangerous: true }))) return;
    await make(async () => {
      tell(t('rules.removedMany', { n: await netxfw.dynamic.clear() }));
    });
  };

  return (
    <>
      <Group justify="space-between" gap="xs" mb="sm">
        <SearchField
          label={t('dynamic.search')}
          placeholder={t('rules.searchPlaceholder')}
          value={search}
          onChange={(value) => url.set({ search: value })}
        />
        <Group gap="xs">
          <AddButton onClick={add.open}>{t('rules.add')}</AddButton>
          <ChangeButton variant="default" onClick={clear} disabled={busy || total === 0}>
            {t('dynamic.clear')}
          </ChangeButton>
        </Group>
      </Group>
      <Loaded query={query}>
        {() => (
          <VirtualTable
            label={t('list.dynamic')}
            columns={columns}
            count={found.length}
            rowAt={rowAt}
            keyOf={keyOf}
            empty={
              <EmptyState
                icon={<IconHourglass />}
                title={t(search === '' ? 'rules.emptyDynamic' : 'rules.emptySearch')}
                text={t(search === '' ? 'rules.emptyDynamicText' : 'rules.emptySearchText')}
              />
            }
          />
        )}
      </Loaded>
      <AddDynamic opened={adding} onClose={add.close} />
    </>
  );
}

function matching(rules: readonly DynamicRule[], search: string): readonly DynamicRule[] {
  const sought = search.trim().toLowerCase();
  if (sought === '') return rules;
  return rules.filter(({ prefix, reason }) => prefix.includes(sought) || reason.toLowerCase().includes(sought));
}
