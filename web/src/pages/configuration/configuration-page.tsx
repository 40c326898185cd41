import { Menu, SimpleGrid, Text } from '@mantine/core';
import { IconDotsVertical } from '@tabler/icons-react';
import { useState } from 'react';
import { useChanges } from '../../api/change.ts';
import { netxfw } from '../../api/netxfw.ts';
import { useConfig } from '../../api/queries.ts';
import { useT } from '../../i18n/i18n.ts';
import { ChangeIcon } from '../../parts/change-button.tsx';
import { Page, Panel } from '../../parts/page.tsx';
import { Loaded } from '../../parts/states.tsx';
import { tell } from '../../parts/tell.tsx';
import { ApplyPanel } from './apply-panel.tsx';
import { ConfigForm } from './config-form.tsx';
import { YamlEditor } from './yaml-editor.tsx';

interface LoadedFile {
  readonly yaml: string;
  readonly etag: string;
  readonly file: string;
}

/** Form and text of the configuration side by side: two views of one draft. */
export default function ConfigurationPage() {
  const t = useT();
  const query = useConfig();
  return (
    <Page title={t('configuration.title')} aside={<FileMenu />}>
      <Loaded query={query} rows={12}>
        {(loaded) => <Editor latest={loaded} />}
      </Loaded>
    </Page>
  );
}

/** Works on the file as it was when editing began; a newer one is taken over while there is no edit. */
function Editor({ latest }: { readonly latest: LoadedFile }) {
  const t = useT();
  const [base, setBase] = useState(latest);
  const [draft, setDraft] = useState(latest.yaml);
  const load = () => {
    setBase(latest);
    setDraft(latest.yaml);
  };
  if (latest.etag !== base.etag && (draft === base.yaml || draft === latest.yaml)) load();
  return (
    <>
      <Text size="sm" className="dim">
        {t('configuration.file', { file: base.file })}
      </Text>
      <ApplyPanel base={base} draft={draft} outdated={latest.etag !== base.etag} onLoad={load} />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        <Panel title={t('configuration.form')}>
          <ConfigForm draft={draft} onChange={setDraft} />
        </Panel>
        <Panel title={t('configuration.yaml')}>
          <YamlEditor value={draft} onChange={setDraft} />
        </Panel>
      </SimpleGrid>
    </>
  );
}

function FileMenu() {
  const t = useT();
  const { make } = useChanges();
  const reload = () =>
    make(async (options) => {
      const { milliseconds } = await netxfw.config.reload(options);
      tell(t('configuration.applied', { ms: milliseconds }));
    });
  const sync = () =>
    make(async () => {
      tell(t('configuration.synced', { n: (await netxfw.config.syncToConfig()).copied }));
    });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ChangeIcon label={t('action.more')} size="lg">
          <IconDotsVertical size={20} />
        </ChangeIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={reload}>{t('configuration.reload')}</Menu.Item>
        <Menu.Item onClick={sync}>{t('configuration.syncToConfig')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
