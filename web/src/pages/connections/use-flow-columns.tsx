import { Badge } from '@mantine/core';
import { IconEraser } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { Flow, FlowState } from '../../../../src/model/conns.ts';
import { useChanges } from '../../api/change.ts';
import { netxfw } from '../../api/netxfw.ts';
import { useT } from '../../i18n/i18n.ts';
import { ChangeIcon } from '../../parts/change-button.tsx';
import { formatSpan } from '../../parts/format.ts';
import { tell } from '../../parts/tell.tsx';
import { Ago, Mono } from '../../parts/time.tsx';
import type { Column } from '../../parts/virtual-table/columns.ts';

const COLORS: Record<FlowState, string> = {
  syn_sent: 'yellow',
  established: 'teal',
  fin_wait: 'gray',
  closed: 'gray',
  unreplied: 'yellow',
  replied: 'teal',
};

export function endpoint(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

export function keyOf({ protocol, source, sourcePort, destination, destinationPort }: Flow): string {
  return `${protocol} ${source} ${sourcePort} ${destination} ${destinationPort}`;
}

export function useFlowColumns(): readonly Column<Flow>[] {
  const t = useT();
  return useMemo(
    () => [
      { id: 'protocol', title: t('connections.protocol'), track: '78px', cell: ({ protocol }) => protocol },
      {
        id: 'peer',
        title: t('connections.destination'),
        track: 'minmax(140px, 1.5fr)',
        cell: ({ destination, destinationPort }) => <Mono>{endpoint(destination, destinationPort)}</Mono>,
      },
      {
        id: 'local',
        title: t('connections.local'),
        track: 'minmax(140px, 1.5fr)',
        from: 700,
        cell: ({ source, sourcePort }) => <Mono>{endpoint(source, sourcePort)}</Mono>,
      },
      {
        id: 'state',
        title: t('connections.state'),
        track: '120px',
        from: 460,
        cell: ({ state }) => (
          <Badge color={COLORS[state]} variant="light" tt="none" c="var(--mantine-color-text)">
            {t(`connections.state.${state}`)}
          </Badge>
        ),
      },
      {
        id: 'age',
        title: t('connections.age'),
        track: '100px',
        from: 900,
        cell: ({ createdAt }) => formatSpan((Date.now() - Date.parse(createdAt)) / 1000),
      },
      {
        id: 'seen',
        title: t('connections.lastSeen'),
        track: '110px',
        from: 800,
        cell: ({ lastSeen }) => <Ago since={lastSeen} />,
      },
      {
        id: 'expires',
        title: t('connections.expiresIn'),
        track: '100px',
        from: 1000,
        cell: ({ expiresIn }) => t('time.in', { time: formatSpan(expiresIn) }),
      },
      {
        id: 'actions',
        title: t('field.actions'),
        heading: <span className="visually-hidden">{t('field.actions')}</span>,
        track: '34px',
        numeric: true,
        cell: (flow) => <Flush flow={flow} />,
      },
    ],
    [t],
  );
}

function Flush({ flow }: { readonly flow: Flow }) {
  const t = useT();
  const { make, busy } = useChanges();
  const { protocol, source, destination, destinationPort, sourcePort } = flow;
  const label = t('connections.flush', { peer: endpoint(destination, destinationPort) });
  const flush = () =>
    make(async () => {
      // Either port names a flow; the port of this host is the one that no other flow to this peer has.
      const port = protocol === 'tcp' || protocol === 'udp' ? { port: sourcePort } : {};
      tell(t('connections.flushed', { n: await netxfw.conns.flush({ protocol, source, destination, ...port }) }));
    });
  return (
    <ChangeIcon label={label} disabled={busy} onClick={flush}>
      <IconEraser size={16} />
    </ChangeIcon>
  );
}
