import { Group, Text } from '@mantine/core';
import { useT } from '../../i18n/i18n.ts';
import { formatSi, formatTime } from '../../parts/format.ts';
import { reasonColor } from '../../parts/reasons.ts';
import classes from './legend.module.css';
import type { Stack, Unit } from './stack.ts';

interface Props {
  readonly stack: Stack;
  readonly unit: Unit;
  /** Where the cursor is; null shows the latest figures. */
  readonly cursor: number | null;
}

/** What each colour means, and its figure under the cursor. */
export function Legend({ stack, unit, cursor }: Props) {
  const t = useT();
  const at = cursor !== null && cursor < stack.times.length ? cursor : stack.times.length - 1;
  const time = stack.times[at];
  return (
    <Group gap="md" className={classes.legend} data-testid="legend">
      <Text size="sm" fw={600} miw={90}>
        {cursor === null || time === undefined
          ? t('overview.legendNow')
          : t('overview.legendAt', { time: formatTime(time * 1000) })}
      </Text>
      {stack.reasons.map((reason, index) => {
        const value = stack.values[index]![at] ?? 0;
        return (
          <Group key={reason} gap={6} wrap="nowrap">
            <svg width={12} height={12} aria-hidden="true">
              <rect width={12} height={12} rx={3} fill={reasonColor(reason)} />
            </svg>
            <Text size="sm">{t(`reason.${reason}`)}</Text>
            <Text size="sm" fw={600} className={classes.value}>
              {unit === 'pps' ? formatSi(value) : `${formatSi(value)}bit`}
            </Text>
          </Group>
        );
      })}
    </Group>
  );
}
