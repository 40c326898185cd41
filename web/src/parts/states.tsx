import { Button, Center, Loader, Skeleton, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconAlertTriangle, IconPlugConnectedX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { NetxfwError } from '../../../src/model/errors.ts';
import { useT } from '../i18n/i18n.ts';
import { failureText } from './tell.tsx';

export function CenteredLoader() {
  const t = useT();
  return (
    <Center mih="50vh">
      <Loader aria-label={t('state.loading')} />
    </Center>
  );
}

/** What stands where data will be. */
export function LoadingState({ rows = 4 }: { readonly rows?: number }) {
  const t = useT();
  return (
    <Stack gap="sm" role="status" aria-label={t('state.loading')}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
        <Skeleton key={row} height={28} radius="sm" />
      ))}
    </Stack>
  );
}

interface EmptyProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly text?: string;
  readonly action?: ReactNode;
}

/** Nothing to show, and what to do about it. */
export function EmptyState({ icon, title, text, action }: EmptyProps) {
  return (
    <Center py="xl" px="md">
      <Stack align="center" gap="xs" maw={460}>
        <ThemeIcon size={48} radius="xl" variant="light" color="gray" aria-hidden>
          {icon}
        </ThemeIcon>
        <Text fw={600} ta="center">
          {title}
        </Text>
        {text !== undefined && (
          <Text size="sm" className="dim" ta="center">
            {text}
          </Text>
        )}
        {action}
      </Stack>
    </Center>
  );
}

interface FailureProps {
  readonly error: unknown;
  readonly onRetry?: () => void;
}

/** Data that could not be had, and the next step. */
export function FailureState({ error, onRetry }: FailureProps) {
  const t = useT();
  const { code, message, hint } = NetxfwError.from(error);
  const gone = code === 'DAEMON_UNREACHABLE';
  return (
    <Center py="xl" px="md">
      <Stack align="center" gap="xs" maw={520} role="alert">
        <ThemeIcon size={48} radius="xl" variant="light" color={gone ? 'gray' : 'red'} aria-hidden>
          {gone ? <IconPlugConnectedX /> : <IconAlertTriangle />}
        </ThemeIcon>
        <Title order={2} ta="center">
          {t(gone ? 'state.gone' : 'state.failed')}
        </Title>
        <Text size="sm" className="dim" ta="center">
          {gone ? t('state.goneText') : failureText({ message, hint })}
        </Text>
        {onRetry !== undefined && (
          <Button variant="default" onClick={onRetry}>
            {t('state.retry')}
          </Button>
        )}
      </Stack>
    </Center>
  );
}

interface QueryLike<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly refetch: () => unknown;
}

interface LoadedProps<T> {
  readonly query: QueryLike<T>;
  readonly rows?: number;
  readonly children: (data: T) => ReactNode;
}

/** Shows data as soon as there is any, also when asking again has failed; before, why there is none. */
export function Loaded<T>({ query, rows, children }: LoadedProps<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <FailureState error={query.error} onRetry={() => void query.refetch()} />;
  return <LoadingState {...(rows === undefined ? {} : { rows })} />;
}
