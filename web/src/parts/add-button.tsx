import type { ButtonProps } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { ChangeButton } from './change-button.tsx';

interface Props extends ButtonProps {
  readonly onClick: () => void;
}

/** Opens the dialog for a new entry. */
export function AddButton(props: Props) {
  return <ChangeButton leftSection={<IconPlus size={16} />} {...props} />;
}
