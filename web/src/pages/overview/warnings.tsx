import { Alert, List } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useSaid, useT } from '../../i18n/i18n.ts';

/** What is not as it should be, each with its remedy. */
export function Warnings({ warnings }: { readonly warnings: readonly string[] }) {
  const t = useT();
  const said = useSaid();
  if (warnings.length === 0) return null;
  return (
    <Alert color="orange" icon={<IconAlertTriangle />} title={t('overview.warnings')} variant="light">
      <List size="sm" spacing={4} withPadding={false}>
        {warnings.map((warning) => (
          <List.Item key={warning}>{said(warning)}</List.Item>
        ))}
      </List>
    </Alert>
  );
}
