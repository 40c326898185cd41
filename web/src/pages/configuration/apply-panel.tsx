import { Alert, Button, Group, Loader, Paper, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { NetxfwError } from '../../../../src/model/errors.ts';
import { useSaid, useT } from '../../i18n/i18n.ts';
import { ChangeButton } from '../../parts/change-button.tsx';
import { ApplyDialog } from './apply-dialog.tsx';
import { useCheck } from './use-check.ts';

interface Props {
  readonly base: { readonly yaml: string; readonly etag: string };
  readonly draft: string;
  /** The file is not what editing began with. */
  readonly outdated: boolean;
  readonly onLoad: () => void;
}

/** What the daemon says of the draft, and the way to apply it. */
export function ApplyPanel({ base, draft, outdated, onLoad }: Props) {
  const t = useT();
  const said = useSaid();
  const changed = draft !== base.yaml;
  const { checking, result, error } = useCheck(draft, changed);
  const [opened, { open, close }] = useDisclosure();
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between" gap="sm">
        <div role="status">
          {!changed && <Text size="sm">{t('configuration.unchanged')}</Text>}
          {changed && checking && (
            <Group gap="xs">
              <Loader size="xs" />
              <Text size="sm">{t('configuration.checking')}</Text>
            </Group>
          )}
          {changed && result !== undefined && (
            <Group gap={6} wrap="nowrap">
              <IconCheck size={18} className="pass" aria-hidden />
              <Text size="sm" data-testid="kind">
                {t(`configuration.kind.${result.kind}`)}
              </Text>
            </Group>
          )}
        </div>
        <Group gap="xs">
          <Button variant="default" onClick={onLoad} disabled={!changed && !outdated}>
            {t(outdated ? 'configuration.load' : 'configuration.discard')}
          </Button>
          <ChangeButton onClick={open} disabled={!changed || result === undefined}>
            {t('configuration.review')}
          </ChangeButton>
        </Group>
      </Group>
      {outdated && changed && (
        <Alert mt="sm" color="yellow" icon={<IconAlertTriangle />}>
          {t('configuration.conflict')}
        </Alert>
      )}
      {changed && error !== null && (
        <Alert mt="sm" color="red" icon={<IconAlertTriangle />} title={t('configuration.invalid')} role="alert">
          {said(NetxfwError.from(error).message)}
        </Alert>
      )}
      {result !== undefined && (
        <ApplyDialog
          opened={opened}
          onClose={close}
          base={base}
          draft={draft}
          kind={result.kind}
          changes={result.changes}
        />
      )}
    </Paper>
  );
}
