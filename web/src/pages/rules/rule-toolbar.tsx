import { Button, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDownload, IconTrash, IconUpload } from '@tabler/icons-react';
import type { ListName } from '../../../../src/model/entries.ts';
import { useT } from '../../i18n/i18n.ts';
import { AddButton } from '../../parts/add-button.tsx';
import { ChangeButton } from '../../parts/change-button.tsx';
import { SearchField } from '../../parts/fields.tsx';
import { tellFailure } from '../../parts/tell.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { AddRule } from './add-rule.tsx';
import { ImportDialog } from './import-dialog.tsx';
import type { Selection } from './use-selection.ts';

interface Props {
  readonly list: ListName;
  readonly selection: Selection;
}

export function RuleToolbar({ list, selection }: Props) {
  const t = useT();
  const url = useUrlState();
  const [adding, add] = useDisclosure();
  const [importing, importing_] = useDisclosure();
  const chosen = selection.count;
  return (
    <Group justify="space-between" gap="xs" mb="sm">
      <Group gap="xs">
        <SearchField
          label={t('rules.search')}
          placeholder={t('rules.searchPlaceholder')}
          value={url.get('search')}
          onChange={(value) => url.set({ search: value })}
        />
        {chosen === 0 ? (
          <ChangeButton variant="default" onClick={() => selection.selectAll().catch(tellFailure)}>
            {t('rules.selectAll')}
          </ChangeButton>
        ) : (
          <>
            <ChangeButton
              color="red.9"
              leftSection={<IconTrash size={16} />}
              loading={selection.busy}
              onClick={() => void selection.remove()}
            >
              {t('rules.removeSelected', { n: chosen })}
            </ChangeButton>
            <Button variant="default" onClick={selection.clear}>
              {t('rules.unselect')}
            </Button>
          </>
        )}
      </Group>
      <Group gap="xs">
        <AddButton onClick={add.open}>{t('rules.add')}</AddButton>
        <ChangeButton variant="default" leftSection={<IconUpload size={16} />} onClick={importing_.open}>
          {t('rules.import')}
        </ChangeButton>
        <Button
          component="a"
          variant="default"
          href={`/api/rules/export?list=${list}&format=text`}
          download={`netxfw-${list}.txt`}
          leftSection={<IconDownload size={16} />}
        >
          {t('rules.export')}
        </Button>
      </Group>
      <AddRule list={list} opened={adding} onClose={add.close} />
      <ImportDialog list={list} opened={importing} onClose={importing_.close} />
    </Group>
  );
}
