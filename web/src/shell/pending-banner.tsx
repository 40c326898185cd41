import { Alert, Group, Text } from '@mantine/core';
import { IconHourglassHigh } from '@tabler/icons-react';
import { useChanges } from '../api/change.ts';
import { netxfw } from '../api/netxfw.ts';
import { usePending } from '../api/queries.ts';
import { useT } from '../i18n/i18n.ts';
import { ChangeButton } from '../parts/change-button.tsx';
import { formatSpan } from '../parts/format.ts';
import { tell } from '../parts/tell.tsx';
import { useNow } from '../parts/time.tsx';

/** A change that is undone by itself unless somebody keeps it, on every page. */
export function PendingBanner() {
  const t = useT();
  const { data: pending } = usePending();
  const { make, busy } = useChanges();
  const now = useNow();
  if (!pending) return null;
  const seconds = Math.max(0, Math.ceil((Date.parse(pending.deadline) - now) / 1000));
  const keep = () =>
    make(async () => {
      await netxfw.config.confirm();
      tell(t('pending.kept'));
    });
  const undo = () =>
    make(async () => {
      await netxfw.config.rollback();
      tell(t('pending.undone'));
    });
  return (
    <Alert mb="md" color="yellow" icon={<IconHourglassHigh />} title={t('pending.title')} data-testid="pending">
      <Group justify="space-between" gap="sm">
        <Text size="sm">{t('pending.text', { what: pending.what, time: formatSpan(seconds) })}</Text>
        <Group gap="xs">
          <ChangeButton size="xs" onClick={keep} disabled={busy}>
            {t('pending.keep')}
          </ChangeButton>
          <ChangeButton size="xs" variant="default" onClick={undo} disabled={busy}>
            {t('pending.undo')}
          </ChangeButton>
        </Group>
      </Group>
    </Alert>
  );
}
