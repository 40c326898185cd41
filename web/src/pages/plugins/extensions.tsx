import { Badge, Table, Text } from '@mantine/core';
import { IconPuzzle } from '@tabler/icons-react';
import type { ExtensionStatus } from '../../../../src/model/extensions.ts';
import { useExtensions } from '../../api/queries.ts';
import { useT } from '../../i18n/i18n.ts';
import { Panel } from '../../parts/page.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { Ago, Mono } from '../../parts/time.tsx';
import { WideTable } from '../../parts/wide-table.tsx';

/** Plugins in TypeScript: whether they run, and what they say of themselves. */
export function Extensions() {
  const t = useT();
  const query = useExtensions();
  return (
    <Panel title={t('plugins.extensions')}>
      <Text size="sm" className="dim" mb="xs">
        {t('plugins.extensionsText')}
      </Text>
      <Loaded query={query}>
        {(extensions) =>
          extensions.length === 0 ? (
            <EmptyState icon={<IconPuzzle />} title={t('plugins.noExtensions')} />
          ) : (
            <ExtensionTable extensions={extensions} />
          )
        }
      </Loaded>
    </Panel>
  );
}

function ExtensionTable({ extensions }: { readonly extensions: readonly ExtensionStatus[] }) {
  const t = useT();
  return (
    <WideTable least={560}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('plugins.name')}</Table.Th>
          <Table.Th>{t('plugins.state')}</Table.Th>
          <Table.Th>{t('plugins.since')}</Table.Th>
          <Table.Th>{t('plugins.message')}</Table.Th>
          <Table.Th>{t('plugins.file')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {extensions.map(({ name, module, state, since, ok, message }) => (
          <Table.Tr key={name}>
            <Table.Td>{name}</Table.Td>
            <Table.Td>
              <Badge color={ok ? 'teal' : 'red'} variant="light" tt="none" c="var(--mantine-color-text)">
                {t(`plugins.state.${state}`)}
              </Badge>
            </Table.Td>
            <Table.Td>
              <Ago since={since} />
            </Table.Td>
            <Table.Td>{message}</Table.Td>
            <Table.Td>
              <Mono>{module}</Mono>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  );
}
