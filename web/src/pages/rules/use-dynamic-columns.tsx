import { Group } from '@mantine/core';
import { IconPin, IconTrash } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { DynamicRule } from '../../../../src/model/status.ts';
import { useBlocking } from '../../api/blocking.ts';
import { useChanges } from '../../api/change.ts';
import { netxfw } from '../../api/netxfw.ts';
import { useT } from '../../i18n/i18n.ts';
import { ChangeIcon } from '../../parts/change-button.tsx';
import { formatSi } from '../../parts/format.ts';
import { tell } from '../../parts/tell.tsx';
import { Ago, Countdown, Mono } from '../../parts/time.tsx';
import type { Column } from '../../parts/virtual-table/columns.ts';

export function useDynamicColumns(): readonly Column<DynamicRule>[] {
  const t = useT();
  return useMemo(
    () => [
      {
        id: 'prefix',
        title: t('field.address'),
        track: 'minmax(150px, 1.2fr)',
        cell: ({ prefix }) => <Mono>{prefix}</Mono>,
      },
      {
        id: 'expires',
        title: t('field.expires'),
        track: '110px',
        cell: ({ expiresAt }) => <Countdown until={expiresAt} />,
      },
      {
        id: 'reason',
        title: t('field.reason'),
        track: 'minmax(80px, 1.4fr)',
        from: 560,
        cell: ({ reason }) => <span title={reason}>{reason}</span>,
      },
      {
        id: 'cause',
        title: t('dynamic.cause'),
        track: '150px',
        from: 860,
        cell: ({ cause }) => (cause === null ? t('dynamic.byHand') : t(`reason.${cause}`)),
      },
      {
        id: 'since',
        title: t('field.created'),
        track: '120px',
        from: 760,
        cell: ({ blockedAt }) => <Ago since={blockedAt} />,
      },
      {
        id: 'hits',
        title: t('dynamic.hits'),
        track: '90px',
        from: 480,
        numeric: true,
        cell: ({ hits }) => formatSi(hits),
      },
      {
        id: 'actions',
        title: t('field.actions'),
        heading: <span className="visually-hidden">{t('field.actions')}</span>,
        track: '60px',
        numeric: true,
        cell: (rule) => <DynamicActions rule={rule} />,
      },
    ],
    [t],
  );
}

function DynamicActions({ rule: { prefix } }: { readonly rule: DynamicRule }) {
  const t = useT();
  const { make, busy } = useChanges();
  const { block } = useBlocking();
  const remove = () =>
    make(async () => {
      await netxfw.dynamic.remove(prefix);
      tell(t('remove.done', { address: prefix }));
    });
  return (
    <Group gap={0} wrap="nowrap" justify="flex-end">
      <ChangeIcon label={t('dynamic.keep', { address: prefix })} onClick={() => void block(prefix, null)}>
        <IconPin size={16} />
      </ChangeIcon>
      <ChangeIcon label={t('rules.removeOne', { address: prefix })} disabled={busy} onClick={remove}>
        <IconTrash size={16} />
      </ChangeIcon>
    </Group>
  );
}
