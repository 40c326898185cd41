import { Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconGauge, IconTrash } from '@tabler/icons-react';
import type { Limit } from '../../../../src/model/limits.ts';
import { useChanges } from '../../api/change.ts';
import { netxfw } from '../../api/netxfw.ts';
import { useLimits } from '../../api/queries.ts';
import { useT } from '../../i18n/i18n.ts';
import { AddButton } from '../../parts/add-button.tsx';
import { ChangeIcon } from '../../parts/change-button.tsx';
import { formatCount, formatSi } from '../../parts/format.ts';
import { Panel } from '../../parts/page.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { tell } from '../../parts/tell.tsx';
import { Mono } from '../../parts/time.tsx';
import { WideTable } from '../../parts/wide-table.tsx';
import { sourceText } from '../rules/use-rule-columns.tsx';
import { AddLimit } from './add-limit.tsx';
import { useRate } from './use-rate.ts';

/** Limits with what they drop right now. */
export function RateLimits() {
  const t = useT();
  const query = useLimits();
  const [adding, add] = useDisclosure();
  return (
    <Panel
      title={t('limits.rates')}
      aside={
        <AddButton size="xs" onClick={add.open}>
          {t('limits.add')}
        </AddButton>
      }
    >
      <Text size="sm" className="dim" mb="xs">
        {t('limits.ratesText')}
      </Text>
      <Loaded query={query}>{(limits) => <LimitTable limits={limits} at={query.dataUpdatedAt} />}</Loaded>
      <AddLimit opened={adding} onClose={add.close} />
    </Panel>
  );
}

function LimitTable({ limits, at }: { readonly limits: readonly Limit[]; readonly at: number }) {
  const t = useT();
  if (limits.length === 0) {
    return <EmptyState icon={<IconGauge />} title={t('limits.empty')} text={t('limits.emptyText')} />;
  }
  return (
    <WideTable least={620}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('limits.prefix')}</Table.Th>
          <Table.Th className="numeric">{t('limits.rate')}</Table.Th>
          <Table.Th className="numeric">{t('limits.burst')}</Table.Th>
          <Table.Th className="numeric">{t('limits.droppedNow')}</Table.Th>
          <Table.Th className="numeric">{t('limits.droppedAll')}</Table.Th>
          <Table.Th>{t('field.source')}</Table.Th>
          <Table.Th w={50}>
            <span className="visually-hidden">{t('field.actions')}</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {limits.map((limit) => (
          <LimitRow key={limit.prefix} limit={limit} at={at} />
        ))}
      </Table.Tbody>
    </WideTable>
  );
}

function LimitRow({ limit, at }: { readonly limit: Limit; readonly at: number }) {
  const t = useT();
  const { make, busy } = useChanges();
  const { prefix, rate, burst, dropped, source } = limit;
  const now = useRate(dropped, at);
  const ours = source !== 'config';
  const remove = () =>
    make(async (options) => {
      await netxfw.limits.remove(prefix, options);
      tell(t('limits.removed', { prefix }));
    });
  return (
    <Table.Tr>
      <Table.Td>
        <Mono>{prefix}</Mono>
        {prefix === '0.0.0.0/0' && <span className="dim"> {t('limits.everyone')}</span>}
        {prefix === '::/0' && <span className="dim"> {t('limits.everyone6')}</span>}
      </Table.Td>
      <Table.Td className="numeric">{formatCount(rate)}</Table.Td>
      <Table.Td className="numeric">{formatCount(burst)}</Table.Td>
      <Table.Td className={now > 0 ? 'numeric drop' : 'numeric'}>
        {t('limits.perSecond', { n: formatSi(now) })}
      </Table.Td>
      <Table.Td className="numeric">{formatCount(dropped)}</Table.Td>
      <Table.Td>{sourceText(t, source)}</Table.Td>
      <Table.Td>
        <ChangeIcon
          label={ours ? t('limits.remove', { prefix }) : t('rules.fromConfig')}
          disabled={busy || !ours}
          onClick={remove}
        >
          <IconTrash size={16} />
        </ChangeIcon>
      </Table.Td>
    </Table.Tr>
  );
}
