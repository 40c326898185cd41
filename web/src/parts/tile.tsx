import { Paper, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './tile.module.css';

interface Props {
  readonly title: string;
  readonly value: string;
  readonly unit?: string;
  readonly tone?: 'pass' | 'drop';
  readonly children?: ReactNode;
}

/** One figure, large, with what it is and a line about it. */
export function Tile({ title, value, unit, tone, children }: Props) {
  return (
    <Paper withBorder p="md">
      <Text size="sm" className="dim">
        {title}
      </Text>
      <Text className={`${classes.value} ${tone ?? ''}`}>
        {value}
        {unit !== undefined && <span className={classes.unit}> {unit}</span>}
      </Text>
      <Text size="sm" className="dim">
        {children}
      </Text>
    </Paper>
  );
}
