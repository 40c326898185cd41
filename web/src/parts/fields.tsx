import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useT } from '../i18n/i18n.ts';

interface TextProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

interface AddressProps extends TextProps {
  /** Default: any address or network. */
  readonly label?: string;
  readonly description?: string;
}

/** The source that a new entry is about; the dialog begins with it. */
export function AddressField({ label, description, value, onChange }: AddressProps) {
  const t = useT();
  return (
    <TextInput
      label={label ?? t('field.address')}
      description={description ?? t('rules.addressHelp')}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      data-autofocus
      required
      withAsterisk={false}
    />
  );
}

/** As the kernel's maps have room for. */
export const REASON_BYTES = { list: 63, dynamic: 31 } as const;

interface ReasonProps extends TextProps {
  readonly most?: number;
}

/** Why an entry is there; may be left out. */
export function ReasonField({ value, onChange, most = REASON_BYTES.list }: ReasonProps) {
  const t = useT();
  return (
    <TextInput
      label={`${t('field.reason')} (${t('field.optional')})`}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      maxLength={most}
    />
  );
}

interface SearchProps extends TextProps {
  readonly label: string;
  readonly placeholder: string;
  readonly size?: 'xs' | 'sm';
  readonly most?: number;
}

/** A search that has the whole width of a phone. */
export function SearchField({ label, placeholder, value, onChange, size = 'sm', most }: SearchProps) {
  return (
    <TextInput
      type="search"
      size={size}
      w={{ base: '100%', sm: 280 }}
      aria-label={label}
      placeholder={placeholder}
      leftSection={<IconSearch size={16} />}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      {...(most === undefined ? {} : { maxLength: most })}
    />
  );
}
