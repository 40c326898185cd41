import { Alert } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { connection } from '../api/connection.ts';
import { useStore } from '../api/store.ts';
import { useT } from '../i18n/i18n.ts';
import { formatTime } from '../parts/format.ts';

/** Says that what is shown grows old, and that the filter does not depend on it. */
export function ConnectionBanner() {
  const t = useT();
  const { state, lastAnswer } = useStore(connection);
  if (state === 'up') return null;
  return (
    <Alert mb="md" color="orange" icon={<IconPlugConnectedX />} title={t('connection.lost')} role="alert">
      {t('connection.lostText', { time: lastAnswer === null ? '-' : formatTime(lastAnswer) })}
    </Alert>
  );
}
