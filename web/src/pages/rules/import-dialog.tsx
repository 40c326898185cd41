import { Alert, Button, Checkbox, Group, Loader, Modal, Progress, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { parseDuration } from '../../../../src/model/durations.ts';
import type { ListName } from '../../../../src/model/entries.ts';
import { useT } from '../../i18n/i18n.ts';
import { ChangeButton } from '../../parts/change-button.tsx';
import { DurationInput, type DurationValue, FOREVER } from '../../parts/duration-input.tsx';
import { ReasonField } from '../../parts/fields.tsx';
import { failureText, failureTitle, tell } from '../../parts/tell.tsx';
import { ImportPreview } from './import-preview.tsx';
import { ImportSource } from './import-source.tsx';
import { type Source, useImport } from './use-import.ts';

interface Props {
  readonly list: ListName;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Pasting or dropping a list: what it would do is shown before it does it. */
export function ImportDialog({ list, opened, onClose }: Props) {
  const t = useT();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={`${t('import.title')}: ${t(`list.${list}`)}`}
      size="xl"
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <ImportForm list={list} onDone={onClose} />
    </Modal>
  );
}

function ImportForm({ list, onDone }: { readonly list: ListName; readonly onDone: () => void }) {
  const t = useT();
  const [source, setSource] = useState<Source | null>(null);
  const [reason, setReason] = useState('');
  const [duration, setDuration] = useState(FOREVER);
  const [skip, setSkip] = useState(false);
  const { preview, checking, progress, failure, run } = useImport(source, { list, reason, ttl: ttlOf(duration) });
  // What was agreed to for one list does not hold for the next.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => setSkip(false), [source]);
  const changes = preview === null ? 0 : preview.added + preview.replaced;
  const ready = changes > 0 && (preview?.invalid === 0 || skip) && progress === null;

  const start = async () => {
    const done = await run();
    if (done === undefined) return;
    const { added, replaced, unchanged } = done;
    tell(t('import.done', { added, replaced, unchanged }));
    onDone();
  };

  return (
    <Stack>
      <ImportSource source={source} onSource={setSource} />
      <Group grow align="start" preventGrowOverflow={false}>
        <ReasonField value={reason} onChange={setReason} />
        <DurationInput value={duration} onChange={setDuration} />
      </Group>
      {checking && (
        <Group gap="xs" role="status">
          <Loader size="sm" />
          <Text size="sm">{t('import.checking')}</Text>
        </Group>
      )}
      {preview !== null && <ImportPreview preview={preview} />}
      {preview !== null && preview.invalid > 0 && (
        <Checkbox
          label={t('import.skip', { n: preview.invalid })}
          checked={skip}
          onChange={(event) => setSkip(event.currentTarget.checked)}
        />
      )}
      {failure !== null && (
        <Alert color="red" role="alert" title={failureTitle(failure.code)}>
          {failureText(failure)}
        </Alert>
      )}
      {progress !== null && (
        <div role="status">
          <Text size="sm">{t(`import.phase.${progress.phase}`)}</Text>
          <Progress
            value={progress.total === 0 ? 0 : (progress.done / progress.total) * 100}
            aria-label={t(`import.phase.${progress.phase}`)}
            animated
          />
        </div>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone}>
          {t('action.cancel')}
        </Button>
        <ChangeButton onClick={start} disabled={!ready} loading={progress !== null}>
          {preview !== null && changes === 0 ? t('import.nothing') : t('import.button', { n: changes })}
        </ChangeButton>
      </Group>
    </Stack>
  );
}

/** A time that is still being typed counts as none; the server judges the preview without it. */
function ttlOf({ choice, text }: DurationValue): number | undefined {
  if (choice === 'forever') return undefined;
  try {
    return parseDuration(choice === 'other' ? text : choice);
  } catch {
    return undefined;
  }
}
