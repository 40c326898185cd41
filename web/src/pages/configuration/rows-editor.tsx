import { Code, Group, Stack, Text } from '@mantine/core';
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useT } from '../../i18n/i18n.ts';
import { ChangeButton, ChangeIcon } from '../../parts/change-button.tsx';
import { Mono } from '../../parts/time.tsx';
import type { RowEdit } from './draft.ts';
import type { RowShape } from './fields.ts';
import { RowDialog } from './row-dialog.tsx';
import { rowText } from './row-values.ts';
import classes from './rows-editor.module.css';

interface Props {
  readonly name: string;
  readonly description: string;
  readonly shape: RowShape;
  readonly rows: readonly unknown[];
  readonly onEdit: (edit: RowEdit) => void;
}

/** A list of the configuration, row by row. */
export function RowsEditor({ name, description, shape, rows, onEdit }: Props) {
  const t = useT();
  /** The row that is edited; the number of rows stands for a new one. */
  const [at, setAt] = useState<number | null>(null);
  const last = at !== null && at < rows.length ? { row: rows[at] } : null;
  return (
    <section aria-label={name}>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <div>
          <Code>{name}</Code>
          <Text size="xs" className="dim">
            {description}
          </Text>
        </div>
        <ChangeButton
          size="compact-sm"
          flex="none"
          variant="default"
          leftSection={<IconPlus size={14} />}
          aria-label={t('configuration.addRow', { name })}
          onClick={() => setAt(rows.length)}
        >
          {t('action.add')}
        </ChangeButton>
      </Group>
      {rows.length > 0 && (
        <Stack gap={0} mt={4} component="ul" className={classes.rows ?? ''}>
          {rows.map((row, index) => (
            <Group
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
              key={index}
              component="li"
              justify="space-between"
              gap="xs"
              wrap="nowrap"
              className={classes.row ?? ''}
            >
              <Mono>{rowText(row)}</Mono>
              <Group gap={2} wrap="nowrap">
                <ChangeIcon
                  size={24}
                  label={t('configuration.editRow', { row: rowText(row) })}
                  onClick={() => setAt(index)}
                >
                  <IconPencil size={15} />
                </ChangeIcon>
                <ChangeIcon
                  size={24}
                  label={t('configuration.removeRow', { row: rowText(row) })}
                  onClick={() => onEdit({ kind: 'remove', at: index })}
                >
                  <IconTrash size={15} />
                </ChangeIcon>
              </Group>
            </Group>
          ))}
        </Stack>
      )}
      <RowDialog
        name={name}
        shape={shape}
        opened={at !== null}
        before={last}
        onClose={() => setAt(null)}
        onRow={(row) => onEdit(last === null ? { kind: 'add', row } : { kind: 'change', at: at!, row })}
      />
    </section>
  );
}
