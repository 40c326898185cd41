import { ThemeIcon } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconInfoSmall } from '@tabler/icons-react';

const LOOKS = {
  ok: { color: 'teal', icon: IconCheck },
  note: { color: 'blue', icon: IconInfoSmall },
  problem: { color: 'orange', icon: IconAlertTriangle },
} as const;

/** How one thing is, as a sign with a name. */
export function StateIcon({ state, label }: { readonly state: keyof typeof LOOKS; readonly label: string }) {
  const { color, icon: Icon } = LOOKS[state];
  return (
    <ThemeIcon size={20} radius="xl" color={color} variant="light" role="img" aria-label={label}>
      <Icon size={13} />
    </ThemeIcon>
  );
}
