import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { NetxfwError } from '../../../src/model/errors.ts';
import { en, type TextKey } from '../i18n/en/index.ts';
import { said, translate } from '../i18n/i18n.ts';

interface Undo {
  readonly label: string;
  readonly run: () => void;
}

const closeButtonProps = () => ({ 'aria-label': translate('action.close') });

/** Says that something is done, with a way back when there is one. */
export function tell(message: string, undo?: Undo): void {
  const id = notifications.show({
    color: 'sea',
    closeButtonProps: closeButtonProps(),
    autoClose: undo === undefined ? 4000 : 10_000,
    message: (
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="sm">{message}</Text>
        {undo !== undefined && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              notifications.hide(id);
              undo.run();
            }}
          >
            {undo.label}
          </Button>
        )}
      </Group>
    ),
  });
}

/** Says what the server would not do, and the next step. */
export function tellFailure(thrown: unknown): void {
  const { code, message, hint } = NetxfwError.from(thrown);
  notifications.show({
    color: 'red',
    title: failureTitle(code),
    message: failureText({ message, hint }),
    autoClose: 15_000,
    closeButtonProps: closeButtonProps(),
  });
}

export function failureTitle(code: string): string {
  const key = `error.${code}`;
  return translate(key in en ? (key as TextKey) : 'error.title');
}

/** What went wrong, and the next step. */
export function failureText({ message, hint }: Pick<NetxfwError, 'message' | 'hint'>): string {
  return translate('error.text', { message: said(message), hint: said(hint) });
}

/** A report and what the daemon adds to it. */
export function withNotices(text: string, notices: readonly string[]): string {
  return [text, ...notices.map(said)].join(' ');
}
