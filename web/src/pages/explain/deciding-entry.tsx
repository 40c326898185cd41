import { Group, Paper, Stack, Table, Text } from '@mantine/core';
import { IconShieldCheck, IconTrash } from '@tabler/icons-react';
import type { ExplainRequest, ExplainResult } from '../../../../src/model/explain.ts';
import { useChanges } from '../../api/change.ts';
import { netxfw } from '../../api/netxfw.ts';
import { useT } from '../../i18n/i18n.ts';
import { ask } from '../../parts/ask.tsx';
import { ChangeButton } from '../../parts/change-button.tsx';
import { tell, withNotices } from '../../parts/tell.tsx';
import { Countdown, Mono } from '../../parts/time.tsx';
import { sourceText } from '../rules/use-rule-columns.tsx';
import { removalOf } from './removal.ts';

interface Props {
  readonly request: ExplainRequest;
  readonly result: ExplainResult;
}

/** The entry that decided, and what can be done about it. */
export function DecidingEntry({ request, result }: Props) {
  const t = useT();
  const { make, busy } = useChanges();
  const { entry, verdict, description } = result;
  const { source } = request;
  const removal = entry === null ? null : removalOf(entry);

  const allow = () =>
    make(async (options) => {
      const { rule, notices } = await netxfw.rules.add({ list: 'allow', prefix: source }, options);
      tell(withNotices(t('allow.done', { address: rule.prefix }), notices));
    });
  const remove = async () => {
    if (entry === null || removal === null) return;
    const title = t('explain.removeEntry', { key: entry.key });
    const question = { title, text: t('explain.removeText'), action: t('action.remove'), dangerous: true };
    if (!(await ask(question))) return;
    await make(async (options) => {
      await removal(netxfw, options);
      tell(t('remove.done', { address: entry.key }));
    });
  };

  return (
    <Stack gap="sm">
      {entry === null ? (
        <Text size="sm">{t('explain.noEntry', { description })}</Text>
      ) : (
        <Paper withBorder p="sm">
          <Text fw={600} mb={4}>
            {t('explain.entry')}
          </Text>
          <Table variant="vertical" withRowBorders={false} verticalSpacing={3} layout="fixed">
            <Table.Tbody>
              <Row title={t('explain.key')}>
                <Mono>{entry.key}</Mono>
              </Row>
              <Row title={t('explain.map')}>
                <Mono>{entry.map}</Mono>
              </Row>
              {entry.reason !== '' && <Row title={t('field.reason')}>{entry.reason}</Row>}
              {entry.expiresAt !== null && (
                <Row title={t('field.expires')}>
                  <Countdown until={entry.expiresAt} />
                </Row>
              )}
              {entry.source !== null && <Row title={t('field.source')}>{sourceText(t, entry.source)}</Row>}
            </Table.Tbody>
          </Table>
        </Paper>
      )}
      <Group gap="xs">
        {verdict === 'drop' && (
          <ChangeButton leftSection={<IconShieldCheck size={16} />} onClick={allow} disabled={busy}>
            {t('explain.allow', { source })}
          </ChangeButton>
        )}
        {removal !== null && entry !== null && (
          <ChangeButton
            variant="default"
            leftSection={<IconTrash size={16} />}
            onClick={remove}
            disabled={busy || entry.source === 'config'}
          >
            {t('explain.removeEntry', { key: entry.key })}
          </ChangeButton>
        )}
      </Group>
    </Stack>
  );
}

function Row({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <Table.Tr>
      <Table.Th w={120}>{title}</Table.Th>
      <Table.Td>{children}</Table.Td>
    </Table.Tr>
  );
}
