import { Group, Menu } from '@mantine/core';
import { IconBan, IconChevronDown } from '@tabler/icons-react';
import { DAY, useBlocking } from '../api/blocking.ts';
import { useT } from '../i18n/i18n.ts';
import { ChangeButton, ChangeIcon } from './change-button.tsx';

const TIMES = [
  { ttl: 600, label: 'duration.10m' },
  { ttl: 3600, label: 'duration.1h' },
  { ttl: DAY, label: 'duration.1d' },
  { ttl: 7 * DAY, label: 'duration.7d' },
  { ttl: null, label: 'duration.forever' },
] as const;

/** Blocks a source at once for a day, or, from the menu, for another time. */
export function BlockButton({ address }: { readonly address: string }) {
  const t = useT();
  const { block, busy } = useBlocking();
  return (
    <Group gap={2} wrap="nowrap" justify="flex-end">
      <ChangeButton
        size="compact-sm"
        color="red.9"
        leftSection={<IconBan size={14} />}
        aria-label={t('overview.blockFor', { address })}
        disabled={busy}
        onClick={() => void block(address)}
      >
        {t('overview.block')}
      </ChangeButton>
      <Menu position="bottom-end">
        <Menu.Target>
          <ChangeIcon label={t('overview.blockOther', { address })} size={26}>
            <IconChevronDown size={16} />
          </ChangeIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {TIMES.map(({ ttl, label }) => (
            <Menu.Item key={label} onClick={() => void block(address, ttl)}>
              {t(label)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
