import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { createStore, useStore } from '../api/store.ts';
import { useT } from '../i18n/i18n.ts';

interface Question {
  readonly title: string;
  /** What it will do, in words. */
  readonly text: ReactNode;
  /** What the button says. */
  readonly action: string;
  readonly dangerous?: boolean;
}

interface Open extends Question {
  readonly answer: (yes: boolean) => void;
}

/** A question may come out of a dialog or drawer, which are at 200; notices are at 400. */
const ABOVE_ALL = 300;

const open = createStore<Open | null>(null);

/** Asks before something is done. @returns whether to go on */
export function ask(question: Question): Promise<boolean> {
  open.get()?.answer(false);
  return new Promise((resolve) => {
    const answer = (yes: boolean) => {
      open.set(null);
      resolve(yes);
    };
    open.set({ ...question, answer });
  });
}

/** Where questions appear; once in the page. */
export function AskHost() {
  const t = useT();
  const question = useStore(open);
  const cancel = () => question?.answer(false);
  return (
    <Modal
      opened={question !== null}
      onClose={cancel}
      title={question?.title ?? ''}
      zIndex={ABOVE_ALL}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <Stack>
        <Text component="div" size="sm">
          {question?.text}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={cancel} data-autofocus>
            {t('action.cancel')}
          </Button>
          <Button color={question?.dangerous ? 'red.9' : 'sea'} onClick={() => question?.answer(true)}>
            {question?.action ?? ''}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
