import { ActionIcon, Text, Tooltip } from '@mantine/core';
import { IconHelpHexagon } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useT } from '../../i18n/i18n.ts';
import { formatCount, formatTime } from '../../parts/format.ts';
import { Mono } from '../../parts/time.tsx';
import type { Column } from '../../parts/virtual-table/columns.ts';
import { endpoint } from '../connections/use-flow-columns.tsx';
import { protocolText, requestOf } from './packet.ts';
import type { SeenEvent } from './use-verdicts.ts';

const place = (address: string | null, port: number | null) =>
  address === null ? '' : port === null ? address : endpoint(address, port);

export function useEventColumns(onExplain: (event: SeenEvent) => void): readonly Column<SeenEvent>[] {
  const t = useT();
  return useMemo(
    () => [
      { id: 'time', title: t('events.time'), track: '100px', from: 420, cell: ({ at }) => formatTime(at, true) },
      {
        id: 'verdict',
        title: t('events.verdict'),
        track: '74px',
        cell: ({ verdict, monitored }) => (
          <Text size="sm" fw={600} className={verdict} title={monitored ? t('events.monitored') : undefined}>
            {t(`verdict.${verdict}`)}
          </Text>
        ),
      },
      {
        id: 'reason',
        title: t('events.reason'),
        track: 'minmax(90px, 1fr)',
        from: 620,
        cell: ({ reason }) => t(`reason.${reason}`),
      },
      {
        id: 'source',
        title: t('events.source'),
        track: 'minmax(150px, 1.4fr)',
        cell: ({ source, sourcePort }) => <Mono>{place(source, sourcePort)}</Mono>,
      },
      {
        id: 'destination',
        title: t('events.destination'),
        track: 'minmax(150px, 1.4fr)',
        from: 800,
        cell: ({ destination, destinationPort }) => <Mono>{place(destination, destinationPort)}</Mono>,
      },
      { id: 'protocol', title: t('events.protocol'), track: '90px', from: 540, cell: (event) => protocolText(event) },
      {
        id: 'length',
        title: t('events.length'),
        track: '64px',
        from: 960,
        numeric: true,
        cell: ({ length }) => formatCount(length),
      },
      { id: 'interface', title: t('events.interface'), track: '84px', from: 1040, cell: (event) => event.interface },
      {
        id: 'explain',
        title: t('field.actions'),
        heading: <span className="visually-hidden">{t('field.actions')}</span>,
        track: '34px',
        numeric: true,
        cell: (event) => {
          const label = t('events.explain', { source: event.source ?? '' });
          return (
            requestOf(event) !== null && (
              <Tooltip label={label}>
                <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={() => onExplain(event)}>
                  <IconHelpHexagon size={16} />
                </ActionIcon>
              </Tooltip>
            )
          );
        },
      },
    ],
    [t, onExplain],
  );
}
