import { Group, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useChanges } from '../../api/change.ts';
import { netxfw } from '../../api/netxfw.ts';
import { useStatus } from '../../api/queries.ts';
import { useSaid, useT } from '../../i18n/i18n.ts';
import { ChangeButton } from '../../parts/change-button.tsx';
import { Panel } from '../../parts/page.tsx';
import { Loaded } from '../../parts/states.tsx';
import { tell } from '../../parts/tell.tsx';
import { Ago, Mono } from '../../parts/time.tsx';

export function About() {
  const t = useT();
  const said = useSaid();
  const query = useStatus();
  const { make, busy } = useChanges();
  const sync = () =>
    make(async () => {
      const { added, removed } = await netxfw.config.syncToMap();
      tell(t('system.synced', { added, removed }));
    });
  return (
    <Panel title={t('system.about')}>
      <Loaded query={query}>
        {({ version, startedAt, configFile, pinPath, attachments, listeners }) => (
          <Table variant="vertical" layout="fixed" withRowBorders={false} verticalSpacing={6}>
            <Table.Tbody>
              <Row title={t('system.version')}>{version}</Row>
              {startedAt !== null && (
                <Row title={t('system.started')}>
                  <Ago since={startedAt} />
                </Row>
              )}
              <Row title={t('system.loaded')}>
                {attachments.length === 0
                  ? t('system.notLoaded')
                  : attachments.map(({ interface: name, mode }) => `${name} (${mode})`).join(', ')}
              </Row>
              <Row title={t('system.config')}>
                <Mono>{configFile}</Mono>
              </Row>
              <Row title={t('system.pins')}>
                <Mono>{pinPath}</Mono>
              </Row>
              {listeners.map(({ name, address, problem }) => (
                <Row key={name} title={t(`system.listener.${name}`)}>
                  <Mono>{address}</Mono>
                  {problem !== null && (
                    <Text size="sm" className="drop">
                      {said(problem)}
                    </Text>
                  )}
                </Row>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Loaded>
      <Group justify="space-between" mt="sm">
        <Text size="sm">{t('system.sync')}</Text>
        <ChangeButton size="xs" variant="default" onClick={sync} disabled={busy}>
          {t('system.syncButton')}
        </ChangeButton>
      </Group>
    </Panel>
  );
}

function Row({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Table.Tr>
      <Table.Th w={150}>{title}</Table.Th>
      <Table.Td>{children}</Table.Td>
    </Table.Tr>
  );
}
