import { useT } from '../../i18n/i18n.ts';
import { Page } from '../../parts/page.tsx';
import { Extensions } from './extensions.tsx';
import { Slots } from './slots.tsx';

export default function PluginsPage() {
  const t = useT();
  return (
    <Page title={t('plugins.title')}>
      <Slots />
      <Extensions />
    </Page>
  );
}
