import { Code, NumberInput, Select, Switch, Text, TextInput } from '@mantine/core';
import { useCanChange } from '../../api/session.tsx';
import { en, type TextKey } from '../../i18n/en/index.ts';
import { useT } from '../../i18n/i18n.ts';
import type { RowEdit } from './draft.ts';
import type { ConfigField } from './fields.ts';
import { RowsEditor } from './rows-editor.tsx';

interface Props {
  readonly field: ConfigField;
  /** Undefined when the file does not set it. */
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  /** The same for one row of a list. */
  readonly onEdit: (edit: RowEdit) => void;
}

/** One key of the configuration, as its kind is edited. */
export function ConfigFieldInput({ field, value, onChange, onEdit }: Props) {
  const t = useT();
  const disabled = !useCanChange();
  const { key, kind, standard } = field;
  const help = `key.${key}`;
  const standardText = Array.isArray(standard) ? standard.join(', ') : String(standard ?? '');
  const common = {
    label: <Code>{key}</Code>,
    description: [
      help in en ? t(help as TextKey) : '',
      standardText === '' ? '' : t('configuration.default', { value: standardText }),
    ]
      .filter((text) => text !== '')
      .join('. '),
    disabled,
  };
  const shown = value ?? standard;
  switch (kind.type) {
    case 'flag':
      return (
        <Switch {...common} checked={shown === true} onChange={(event) => onChange(event.currentTarget.checked)} />
      );
    case 'choice':
      return (
        <Select
          {...common}
          data={[...kind.options]}
          value={String(shown)}
          onChange={(chosen) => chosen !== null && onChange(chosen)}
          allowDeselect={false}
        />
      );
    case 'number':
      return (
        <NumberInput
          {...common}
          value={typeof shown === 'number' ? shown : ''}
          onChange={(number) => typeof number === 'number' && onChange(number)}
          thousandSeparator=" "
          allowDecimal={false}
          allowNegative={false}
        />
      );
    case 'items':
    case 'rows':
      return (
        <RowsEditor
          name={key}
          description={common.description}
          shape={kind.row}
          rows={Array.isArray(shown) ? shown : []}
          onEdit={onEdit}
        />
      );
    case 'entries':
      return (
        <div>
          <Code>{key}</Code>
          <Text size="sm" className="dim">
            {t('configuration.entries', { n: Array.isArray(shown) ? shown.length : 0 })}
          </Text>
        </div>
      );
    default:
      return (
        <TextInput
          {...common}
          value={shown === null || shown === undefined ? '' : String(shown)}
          placeholder={t('configuration.notSet')}
          onChange={(event) => onChange(event.currentTarget.value === '' ? null : event.currentTarget.value)}
        />
      );
  }
}
