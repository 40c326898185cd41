import { Textarea } from '@mantine/core';
import { useCanChange } from '../../api/session.tsx';
import { useT } from '../../i18n/i18n.ts';
import classes from './yaml-editor.module.css';

interface Props {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function YamlEditor({ value, onChange }: Props) {
  const t = useT();
  const allowed = useCanChange();
  return (
    <Textarea
      aria-label={t('configuration.yamlLabel')}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      readOnly={!allowed}
      spellCheck={false}
      autoCapitalize="off"
      wrap="off"
      classNames={{ input: classes.input ?? '' }}
    />
  );
}
