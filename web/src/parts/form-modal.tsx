import { Alert, Button, Group, Modal, type ModalProps, Stack } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { NetxfwError } from '../../../src/model/errors.ts';
import { type Changes, useChanges } from '../api/change.ts';
import { useT } from '../i18n/i18n.ts';
import { ChangeButton } from './change-button.tsx';
import { failureText, failureTitle } from './tell.tsx';

interface Props extends Omit<ModalProps, 'onSubmit'> {
  readonly action: string;
  /** Makes the change; the dialog closes when it answers anything but undefined. What it throws is shown in it. */
  readonly onSubmit: (attempt: Changes['attempt']) => Promise<unknown>;
  readonly children: ReactNode;
}

/** A dialog with fields and one change at its end. */
export function FormModal({ action, onSubmit, children, onClose, ...rest }: Props) {
  const t = useT();
  const { attempt, busy } = useChanges();
  const [failure, setFailure] = useState<NetxfwError | null>(null);
  const close = () => {
    setFailure(null);
    onClose();
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      if ((await onSubmit(attempt)) !== undefined) close();
    } catch (thrown) {
      setFailure(NetxfwError.from(thrown));
    }
  };
  return (
    <Modal {...rest} onClose={close} closeButtonProps={{ 'aria-label': t('action.close') }}>
      <form onSubmit={submit}>
        <Stack>
          {children}
          {failure !== null && (
            <Alert color="red" role="alert" title={failureTitle(failure.code)}>
              {failureText(failure)}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('action.cancel')}
            </Button>
            <ChangeButton type="submit" loading={busy}>
              {action}
            </ChangeButton>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
