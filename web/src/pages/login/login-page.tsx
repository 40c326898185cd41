import { Alert, Button, Center, Group, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import { NetxfwError } from '../../../../src/model/errors.ts';
import type { SessionInfo } from '../../../../src/model/sessions.ts';
import { logIn } from '../../api/netxfw.ts';
import { useSaid, useT } from '../../i18n/i18n.ts';
import { Logo } from '../../shell/logo.tsx';
import { LanguageMenu, ThemeMenu } from '../../shell/preferences.tsx';

interface Props {
  /** There was a session before. */
  readonly ended: boolean;
  readonly onEnter: (session: SessionInfo) => void;
}

export function LoginPage({ ended, onEnter }: Props) {
  const t = useT();
  const said = useSaid();
  const [token, setToken] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<NetxfwError | null>(null);
  const title = t('login.title');

  useEffect(() => {
    document.title = `${title} - netxfw`;
  }, [title]);

  const enter = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      onEnter(await logIn(token.trim()));
    } catch (thrown) {
      setFailure(NetxfwError.from(thrown));
    } finally {
      setBusy(false);
    }
  };
  const why = failure === null ? null : failure.code === 'UNAUTHORIZED' ? t('login.invalid') : said(failure.message);
  const next = failure === null || failure.code === 'UNAUTHORIZED' ? '' : said(failure.hint);

  return (
    <Center component="main" mih="100vh" p="md">
      <Paper withBorder shadow="sm" p="xl" w="100%" maw={420}>
        <form onSubmit={enter}>
          <Stack>
            <Group justify="space-between" wrap="nowrap">
              <Group gap="sm" wrap="nowrap">
                <Logo size={36} />
                <Title order={1}>netxfw</Title>
              </Group>
              <Group gap={4} wrap="nowrap">
                <LanguageMenu />
                <ThemeMenu />
              </Group>
            </Group>
            {ended && failure === null && <Alert color="blue">{t('login.ended')}</Alert>}
            <PasswordInput
              label={t('login.token')}
              description={t('login.tokenHelp')}
              value={token}
              onChange={(event) => setToken(event.currentTarget.value)}
              error={why === null ? null : `${why}${next === '' ? '' : ` ${next}`}`}
              autoComplete="current-password"
              autoFocus
              required
              withAsterisk={false}
            />
            <Button type="submit" loading={busy} fullWidth>
              {t('login.button')}
            </Button>
            <Text size="xs" className="dim" ta="center">
              {location.host}
            </Text>
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}
