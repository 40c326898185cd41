import { Alert, List } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useLanguage, useT } from '../../i18n/i18n.ts';
import { warningText } from '../../i18n/warnings.ts';

/** What is not as it should be, each with its remedy. */
export function Warnings({ warnings }: { readonly warnings: readonly string[] }) {
  const t = useT();
  const language = useLanguage();
  if (warnings.length === 0) return null;
  return (
    <Alert color="orange" icon={<IconAlertTriangle />} title={t('overview.warnings')} variant="light">
      <List size="sm" spacing={4} withPadding={false}>
        {warnings.map((warning) => (
          <List.Item key={warning}>{warningText(warning, language)}</List.Item>
        ))}
      </List>
    </Alert>
  );
}
