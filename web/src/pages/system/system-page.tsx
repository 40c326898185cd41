import { SimpleGrid } from '@mantine/core';
import { useT } from '../../i18n/i18n.ts';
import { Page } from '../../parts/page.tsx';
import { About } from './about.tsx';
import { AuditLog } from './audit-log.tsx';
import { Changes } from './changes.tsx';
import { Doctor } from './doctor.tsx';
import { Health } from './health.tsx';
import { Tokens } from './tokens.tsx';

export default function SystemPage() {
  const t = useT();
  return (
    <Page title={t('system.title')}>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        <Health />
        <About />
      </SimpleGrid>
      <Doctor />
      <Tokens />
      <AuditLog />
      <Changes />
    </Page>
  );
}
