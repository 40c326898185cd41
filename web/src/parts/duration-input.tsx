import { Select, Stack, TextInput } from '@mantine/core';
import { parseDuration } from '../../../src/model/durations.ts';
import { useT } from '../i18n/i18n.ts';

const PRESETS = ['10m', '1h', '1d', '7d'] as const;

export interface DurationValue {
  /** A preset, `forever` or `other`. */
  readonly choice: string;
  /** What is typed for `other`. */
  readonly text: string;
}

export const FOREVER: DurationValue = { choice: 'forever', text: '' };
export const ONE_DAY: DurationValue = { choice: '1d', text: '' };

/** Seconds; undefined = for good. @throws NetxfwError INVALID_DURATION */
export function secondsOf({ choice, text }: DurationValue): number | undefined {
  if (choice === 'forever') return undefined;
  return parseDuration(choice === 'other' ? text : choice);
}

interface Props {
  readonly value: DurationValue;
  readonly onChange: (value: DurationValue) => void;
}

/** How long something lasts: a usual time, for good, or as typed. */
export function DurationInput({ value, onChange }: Props) {
  const t = useT();
  return (
    <Stack gap="xs">
      <Select
        label={t('rules.duration')}
        allowDeselect={false}
        value={value.choice}
        onChange={(choice) => onChange({ ...value, choice: choice ?? 'forever' })}
        data={[
          ...PRESETS.map((preset) => ({ value: preset, label: t(`duration.${preset}`) })),
          { value: 'forever', label: t('duration.forever') },
          { value: 'other', label: t('rules.durationOther') },
        ]}
      />
      {value.choice === 'other' && (
        <TextInput
          label={t('rules.durationCustom')}
          value={value.text}
          onChange={(event) => onChange({ ...value, text: event.currentTarget.value })}
          required
        />
      )}
    </Stack>
  );
}
