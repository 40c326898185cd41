import { Group, Paper, type PaperProps, Stack, Title } from '@mantine/core';
import { type ReactNode, useEffect, useId } from 'react';

interface PageProps {
  readonly title: string;
  /** Beside the title. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** One page: its title, also that of the browser's tab, and its parts. */
export function Page({ title, aside, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} - netxfw`;
  }, [title]);
  return (
    <Stack gap="md">
      <Group justify="space-between" gap="sm" mih={36}>
        <Title order={1}>{title}</Title>
        {aside}
      </Group>
      {children}
    </Stack>
  );
}

interface PanelProps extends PaperProps {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a page with a heading of its own. */
export function Panel({ title, aside, children, ...rest }: PanelProps) {
  const id = useId();
  return (
    <Paper component="section" withBorder p="md" aria-labelledby={id} {...rest}>
      <Group justify="space-between" gap="xs" mb="sm" mih={30}>
        <Title order={2} id={id}>
          {title}
        </Title>
        {aside}
      </Group>
      {children}
    </Paper>
  );
}
