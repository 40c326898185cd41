import { ActionIcon, type ActionIconProps, Button, type ButtonProps, Tooltip } from '@mantine/core';
import type { ComponentPropsWithRef, ReactElement } from 'react';
import { useCanChange } from '../api/session.tsx';
import { useT } from '../i18n/i18n.ts';

type Native = Omit<ComponentPropsWithRef<'button'>, 'color' | 'style'>;

/** Says why a control is off: in the tooltip, also with the keyboard. */
function Allowed({ children }: { readonly children: ReactElement }) {
  const t = useT();
  return (
    <Tooltip label={t('shell.readOnlyWhy')} multiline maw={260}>
      {children}
    </Tooltip>
  );
}

/** A button that changes something: off for whoever may only look. */
export function ChangeButton(props: ButtonProps & Native) {
  const allowed = useCanChange();
  if (allowed) return <Button {...props} />;
  return (
    <Allowed>
      <Button {...props} data-disabled aria-disabled onClick={(event) => event.preventDefault()} type="button" />
    </Allowed>
  );
}

type ChangeIconProps = ActionIconProps &
  Native & {
    /** Its name, which is also its tooltip. */
    readonly label: string;
  };

export function ChangeIcon({ label, ...props }: ChangeIconProps) {
  const allowed = useCanChange();
  const button = { variant: 'subtle', color: 'gray', ...props, 'aria-label': label };
  if (allowed) {
    return (
      <Tooltip label={label}>
        <ActionIcon {...button} />
      </Tooltip>
    );
  }
  return (
    <Allowed>
      <ActionIcon {...button} data-disabled aria-disabled onClick={(event) => event.preventDefault()} />
    </Allowed>
  );
}
