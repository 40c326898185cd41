import { ActionIcon, Badge, Group, Menu, Tooltip, useMantineColorScheme } from '@mantine/core';
import {
  IconCheck,
  IconDeviceDesktop,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconSun,
  IconUserCircle,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { logOut } from '../api/netxfw.ts';
import { useSession } from '../api/session.tsx';
import { keepLanguage, LANGUAGE_NAMES, LANGUAGES, setLanguage, useLanguage, useT } from '../i18n/i18n.ts';
import { tellFailure } from '../parts/tell.tsx';

const SCHEMES = [
  { value: 'light', icon: <IconSun size={16} /> },
  { value: 'dark', icon: <IconMoon size={16} /> },
  { value: 'auto', icon: <IconDeviceDesktop size={16} /> },
] as const;

/** Language, colours and the session. */
export function Preferences() {
  const t = useT();
  const { name, role } = useSession();
  return (
    <Group gap={4} wrap="nowrap">
      {role === 'read' && (
        <Tooltip label={t('shell.readOnlyWhy')} multiline maw={260}>
          <Badge variant="light" color="gray" mr="xs" tt="none" c="var(--mantine-color-text)">
            {t('shell.readOnly')}
          </Badge>
        </Tooltip>
      )}
      <LanguageMenu />
      <ThemeMenu />
      <IconMenu label={t('shell.account', { name })} icon={<IconUserCircle size={20} />}>
        <Menu.Label>{`${name}: ${t(role === 'admin' ? 'shell.role.admin' : 'shell.role.read')}`}</Menu.Label>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => logOut().catch(tellFailure)}>
          {t('shell.logout')}
        </Menu.Item>
      </IconMenu>
    </Group>
  );
}

export function LanguageMenu() {
  const t = useT();
  const language = useLanguage();
  return (
    <IconMenu label={t('shell.language')} icon={<IconLanguage size={20} />}>
      {LANGUAGES.map((each) => (
        <Menu.Item
          key={each}
          lang={each}
          leftSection={<Tick on={each === language} />}
          onClick={() => {
            keepLanguage(each);
            setLanguage(each).catch(tellFailure);
          }}
        >
          {LANGUAGE_NAMES[each]}
        </Menu.Item>
      ))}
    </IconMenu>
  );
}

export function ThemeMenu() {
  const t = useT();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const shown = SCHEMES.find(({ value }) => value === colorScheme) ?? SCHEMES[2];
  return (
    <IconMenu label={t('shell.theme')} icon={shown.icon}>
      {SCHEMES.map(({ value, icon }) => (
        <Menu.Item
          key={value}
          leftSection={icon}
          rightSection={<Tick on={value === colorScheme} />}
          onClick={() => setColorScheme(value)}
        >
          {t(`shell.theme.${value}`)}
        </Menu.Item>
      ))}
    </IconMenu>
  );
}

interface IconMenuProps {
  readonly label: string;
  readonly icon: ReactNode;
  readonly children: ReactNode;
}

function IconMenu({ label, icon, children }: IconMenuProps) {
  return (
    <Menu position="bottom-end" withArrow>
      <Menu.Target>
        <Tooltip label={label}>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={label}>
            {icon}
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  );
}

function Tick({ on }: { readonly on: boolean }) {
  return on ? <IconCheck size={16} /> : <span className="tick-room" />;
}
