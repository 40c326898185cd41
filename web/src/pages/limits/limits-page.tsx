import { useT } from '../../i18n/i18n.ts';
import { Page } from '../../parts/page.tsx';
import { Ports } from './ports.tsx';
import { RateLimits } from './rate-limits.tsx';

export default function LimitsPage() {
  const t = useT();
  return (
    <Page title={t('limits.title')}>
      <RateLimits />
      <Ports />
    </Page>
  );
}
