import { Button } from '@mantine/core';
import { IconMapQuestion } from '@tabler/icons-react';
import { Link } from 'wouter';
import { useT } from '../i18n/i18n.ts';
import { Page } from '../parts/page.tsx';
import { EmptyState } from '../parts/states.tsx';

export function NotFound() {
  const t = useT();
  return (
    <Page title={t('state.notFound')}>
      <EmptyState
        icon={<IconMapQuestion />}
        title={t('state.notFound')}
        text={t('state.notFoundText')}
        action={
          <Button component={Link} href="/" variant="default">
            {t('state.toOverview')}
          </Button>
        }
      />
    </Page>
  );
}
