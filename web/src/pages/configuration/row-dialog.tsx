import { Alert, NumberInput, Select, Switch, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useT } from '../../i18n/i18n.ts';
import { FormModal } from '../../parts/form-modal.tsx';
import type { Cell, RowShape } from './fields.ts';
import { checkRow, inputOf, type RowInput } from './row-values.ts';

interface Props {
  readonly name: string;
  readonly shape: RowShape;
  readonly opened: boolean;
  /** The row that is changed; null for a new one. */
  readonly before: { readonly row: unknown } | null;
  readonly onClose: () => void;
  readonly onRow: (row: unknown) => void;
}

/** The fields of one row; what the schema would refuse does not get into the draft. */
export function RowDialog({ name, shape, opened, before, onClose, onRow }: Props) {
  const t = useT();
  const [input, setInput] = useState<RowInput>({});
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  // biome-ignore lint/correctness/useExhaustiveDependencies: it begins with the row that is there when it opens
  useEffect(() => {
    setInput(inputOf(shape, before?.row));
    setErrors({});
  }, [opened]);
  const whole = errors[''] !== undefined && shape.cells[0]?.name !== '' ? errors[''] : undefined;
  return (
    <FormModal
      opened={opened}
      onClose={onClose}
      title={t(before === null ? 'configuration.newRow' : 'configuration.changeRow', { name })}
      action={t(before === null ? 'action.add' : 'action.save')}
      onSubmit={async () => {
        const checked = checkRow(shape, input, before?.row);
        setErrors(checked.errors);
        if (checked.row !== undefined) onRow(checked.row);
        return checked.row;
      }}
    >
      {shape.cells.map((cell, at) => (
        <CellInput
          key={cell.name}
          cell={cell}
          label={cell.name === '' ? name : cell.name}
          first={at === 0}
          value={input[cell.name]}
          error={errors[cell.name]}
          onChange={(value) => setInput({ ...input, [cell.name]: value })}
        />
      ))}
      {whole !== undefined && <Alert color="red">{whole}</Alert>}
    </FormModal>
  );
}

interface CellProps {
  readonly cell: Cell;
  readonly label: string;
  readonly first: boolean;
  readonly value: unknown;
  readonly error: string | undefined;
  readonly onChange: (value: unknown) => void;
}

function CellInput({ cell: { kind, required, standard }, label, first, value, error, onChange }: CellProps) {
  const t = useT();
  const common = {
    label: required ? label : `${label} (${t('field.optional')})`,
    error: error ?? null,
    ...(first ? { 'data-autofocus': true } : {}),
  };
  switch (kind.type) {
    case 'flag':
      return (
        <Switch {...common} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />
      );
    case 'choice':
      return (
        <Select
          {...common}
          data={[...kind.options]}
          value={value === undefined || value === '' ? null : String(value)}
          onChange={(chosen) => onChange(chosen ?? '')}
          allowDeselect={!required && standard === undefined}
        />
      );
    case 'number':
      return (
        <NumberInput
          {...common}
          value={typeof value === 'number' ? value : ''}
          onChange={onChange}
          allowDecimal={false}
          allowNegative={false}
          thousandSeparator=" "
        />
      );
    default:
      return (
        <TextInput
          {...common}
          value={value === undefined || value === null ? '' : String(value)}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}
