import { Badge, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconRouteOff, IconTrash } from '@tabler/icons-react';
import { useCallback, useMemo } from 'react';
import type { IpPortRule } from '../../../../src/model/open-ports.ts';
import { useChanges } from '../../api/change.ts';
import { netxfw } from '../../api/netxfw.ts';
import { useIpPortRules } from '../../api/queries.ts';
import { useT } from '../../i18n/i18n.ts';
import { AddButton } from '../../parts/add-button.tsx';
import { ChangeIcon } from '../../parts/change-button.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { tell } from '../../parts/tell.tsx';
import { Mono } from '../../parts/time.tsx';
import type { Column } from '../../parts/virtual-table/columns.ts';
import { VirtualTable } from '../../parts/virtual-table/virtual-table.tsx';
import { AddIpPortRule } from './add-ip-port-rule.tsx';
import { sourceText } from './use-rule-columns.tsx';

const keyOf = ({ prefix, ports, protocol }: IpPortRule) => `${prefix} ${ports} ${protocol}`;
const NONE: readonly IpPortRule[] = [];

export function IpPortRules() {
  const t = useT();
  const query = useIpPortRules();
  const [adding, add] = useDisclosure();
  const columns = useColumns();
  const rules = query.data ?? NONE;
  const rowAt = useCallback((index: number) => rules[index], [rules]);
  return (
    <>
      <Group justify="flex-end" mb="sm">
        <AddButton onClick={add.open}>{t('rules.add')}</AddButton>
      </Group>
      <Loaded query={query}>
        {() => (
          <VirtualTable
            label={t('rules.tab.ports')}
            columns={columns}
            count={rules.length}
            rowAt={rowAt}
            keyOf={keyOf}
            empty={
              <EmptyState icon={<IconRouteOff />} title={t('rules.emptyPorts')} text={t('rules.emptyPortsText')} />
            }
          />
        )}
      </Loaded>
      <AddIpPortRule opened={adding} onClose={add.close} />
    </>
  );
}

function useColumns(): readonly Column<IpPortRule>[] {
  const t = useT();
  return useMemo(
    () => [
      {
        id: 'action',
        title: t('ipport.action'),
        track: '84px',
        cell: ({ action }) => (
          <Badge color={action === 'allow' ? 'teal' : 'red'} variant="light" tt="none" c="var(--mantine-color-text)">
            {t(`ipport.${action}`)}
          </Badge>
        ),
      },
      {
        id: 'prefix',
        title: t('ipport.prefix'),
        track: 'minmax(110px, 1.2fr)',
        cell: ({ prefix }) => <Mono>{prefix}</Mono>,
      },
      { id: 'ports', title: t('ipport.ports'), track: '110px', cell: ({ ports }) => <Mono>{ports}</Mono> },
      {
        id: 'protocol',
        title: t('ipport.protocol'),
        track: '110px',
        from: 560,
        cell: ({ protocol }) => (protocol === 'any' ? t('ipport.protocol.any') : protocol.toUpperCase()),
      },
      { id: 'reason', title: t('field.reason'), track: 'minmax(80px, 1.5fr)', from: 680, cell: ({ reason }) => reason },
      {
        id: 'source',
        title: t('field.source'),
        track: '110px',
        from: 820,
        cell: ({ source }) => sourceText(t, source),
      },
      {
        id: 'actions',
        title: t('field.actions'),
        heading: <span className="visually-hidden">{t('field.actions')}</span>,
        track: '34px',
        numeric: true,
        cell: (rule) => <RemoveRule rule={rule} />,
      },
    ],
    [t],
  );
}

function RemoveRule({ rule: { prefix, ports, protocol, source } }: { readonly rule: IpPortRule }) {
  const t = useT();
  const { make, busy } = useChanges();
  const values = { address: prefix, ports };
  const remove = () =>
    make(async (options) => {
      await netxfw.ports.removeRule(prefix, ports, protocol, options);
      tell(t('ipport.removed', values));
    });
  const ours = source !== 'config';
  return (
    <ChangeIcon
      label={ours ? t('ipport.remove', values) : t('rules.fromConfig')}
      disabled={busy || !ours}
      onClick={remove}
    >
      <IconTrash size={16} />
    </ChangeIcon>
  );
}
