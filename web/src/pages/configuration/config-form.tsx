import { Accordion, Alert, ScrollArea, Stack } from '@mantine/core';
import { useMemo } from 'react';
import { en, type TextKey } from '../../i18n/en/index.ts';
import { type Translate, useT } from '../../i18n/i18n.ts';
import { useUrlState } from '../../parts/url-state.ts';
import { ConfigFieldInput } from './config-field.tsx';
import { readDraft, writeKey, writeRow } from './draft.ts';
import { type ConfigField, configSections, valueAt } from './fields.ts';

interface Props {
  readonly draft: string;
  readonly onChange: (draft: string) => void;
}

const SECTIONS = configSections();

/** Every key of the schema; a change goes into the text, where it belongs. */
export function ConfigForm({ draft, onChange }: Props) {
  const t = useT();
  const url = useUrlState();
  const values = useMemo(() => readDraft(draft), [draft]);
  if (values === null) return <Alert color="yellow">{t('configuration.broken')}</Alert>;
  return (
    <ScrollArea.Autosize mah="max(360px, calc(100dvh - 330px))" type="auto" viewportProps={{ tabIndex: 0 }}>
      <Accordion value={url.get('section') || 'base'} onChange={(value) => url.set({ section: value ?? 'none' })}>
        {SECTIONS.map(({ name, fields }) => (
          <Accordion.Item key={name} value={name}>
            <Accordion.Control>{sectionText(t, name)}</Accordion.Control>
            <Accordion.Panel>
              <Stack gap="sm">
                {fields.map((field) => (
                  <ConfigFieldInput
                    key={field.key}
                    field={field}
                    value={valueAt(values, field.path)}
                    onChange={(value) => onChange(writeKey(draft, field.path, value))}
                    onEdit={(edit) => onChange(writeRow(draft, field.path, standardRows(field), edit))}
                  />
                ))}
              </Stack>
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </ScrollArea.Autosize>
  );
}

/** A section that the texts do not know yet is called what it is called in the file. */
function sectionText(t: Translate, name: string): string {
  const key = `section.${name}`;
  return key in en ? t(key as TextKey) : name;
}

/** What a list holds where the file does not set it. */
function standardRows({ standard }: ConfigField): readonly unknown[] {
  return Array.isArray(standard) ? standard : [];
}
