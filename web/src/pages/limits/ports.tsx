import { Alert, Badge, Group, Table, Text, TextInput } from '@mantine/core';
import { IconDoor, IconInfoCircle } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useChanges } from '../../api/change.ts';
import { netxfw } from '../../api/netxfw.ts';
import { useConfig, usePortSuggestions, usePorts } from '../../api/queries.ts';
import { useCanChange } from '../../api/session.tsx';
import { useT } from '../../i18n/i18n.ts';
import { ask } from '../../parts/ask.tsx';
import { ChangeButton } from '../../parts/change-button.tsx';
import { Panel } from '../../parts/page.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { tell } from '../../parts/tell.tsx';
import { Mono } from '../../parts/time.tsx';
import { WideTable } from '../../parts/wide-table.tsx';
import { sourceText } from '../rules/use-rule-columns.tsx';
import { type PortRow, portRows } from './port-rows.ts';

/** Open ports beside what really listens. */
export function Ports() {
  const t = useT();
  const ports = usePorts();
  const suggestions = usePortSuggestions();
  const config = useConfig().data?.config;
  return (
    <Panel title={t('ports.title')} aside={<OpenPortForm />}>
      <Text size="sm" className="dim" mb="xs">
        {t('ports.text')}
      </Text>
      {config?.base.default_deny === false && (
        <Alert color="blue" icon={<IconInfoCircle />} mb="sm">
          {t('ports.defaultAllow')}
        </Alert>
      )}
      <Loaded query={ports}>{(open) => <PortTable rows={portRows(open, suggestions.data ?? [])} />}</Loaded>
    </Panel>
  );
}

function PortTable({ rows }: { readonly rows: readonly PortRow[] }) {
  const t = useT();
  if (rows.length === 0) return <EmptyState icon={<IconDoor />} title={t('ports.empty')} />;
  return (
    <WideTable least={560}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('ports.port')}</Table.Th>
          <Table.Th>{t('ports.protocol')}</Table.Th>
          <Table.Th>{t('ports.state')}</Table.Th>
          <Table.Th>{t('ports.process')}</Table.Th>
          <Table.Th>{t('field.source')}</Table.Th>
          <Table.Th w={110}>
            <span className="visually-hidden">{t('field.actions')}</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Row key={row.spec + row.open} row={row} />
        ))}
      </Table.Tbody>
    </WideTable>
  );
}

function Row({ row }: { readonly row: PortRow }) {
  const t = useT();
  const { change, busy } = usePortChange();
  const { spec, ports, protocol, open, listeners, source } = row;
  return (
    <Table.Tr>
      <Table.Td>
        <Mono>{ports}</Mono>
      </Table.Td>
      <Table.Td>{protocol === 'any' ? t('ipport.protocol.any') : protocol.toUpperCase()}</Table.Td>
      <Table.Td>
        <Badge color={open ? 'teal' : 'orange'} variant="light" tt="none" c="var(--mantine-color-text)">
          {t(open ? 'ports.open' : 'ports.closed')}
        </Badge>
      </Table.Td>
      <Table.Td>
        {listeners.length === 0 && open && <span className="dim">{t('ports.nobody')}</span>}
        {listeners.map(({ process, address }) => (
          <div key={`${process} ${address}`}>
            {t('ports.listenerOn', { process: process ?? t('ports.unknownProcess'), address })}
          </div>
        ))}
      </Table.Td>
      <Table.Td>{source === null ? '' : sourceText(t, source)}</Table.Td>
      <Table.Td>
        <Group justify="flex-end">
          <ChangeButton
            size="compact-sm"
            variant={open ? 'default' : 'filled'}
            aria-label={t(open ? 'ports.closeIt' : 'ports.openIt', { port: spec })}
            disabled={busy || source === 'config'}
            onClick={() => void change(spec, !open)}
          >
            {t(open ? 'ports.closeButton' : 'ports.openButton')}
          </ChangeButton>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function usePortChange() {
  const t = useT();
  const { make, busy } = useChanges();
  const change = async (spec: string, open: boolean): Promise<boolean> => {
    if (!open) {
      const title = t('ports.closeTitle', { port: spec });
      if (!(await ask({ title, text: t('ports.closeText'), action: t('ports.closeButton') }))) return false;
    }
    const done = await make(async (options) => {
      if (open) await netxfw.ports.open(spec, options);
      else await netxfw.ports.close(spec, options);
      tell(t(open ? 'ports.opened' : 'ports.closedNow', { port: spec }));
      return true;
    });
    return done === true;
  };
  return { change, busy };
}

function OpenPortForm() {
  const t = useT();
  const [spec, setSpec] = useState('');
  const { change, busy } = usePortChange();
  const allowed = useCanChange();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await change(spec.trim(), true)) setSpec('');
  };
  return (
    <form onSubmit={submit}>
      <Group gap={6} wrap="nowrap">
        <TextInput
          size="xs"
          w={190}
          aria-label={t('ports.add')}
          placeholder={t('ports.addHelp')}
          value={spec}
          onChange={(event) => setSpec(event.currentTarget.value)}
          disabled={!allowed}
          required
        />
        <ChangeButton type="submit" size="xs" disabled={busy}>
          {t('ports.openButton')}
        </ChangeButton>
      </Group>
    </form>
  );
}
