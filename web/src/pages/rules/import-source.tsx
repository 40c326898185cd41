import { Button, FileButton, Group, Paper, Text, Textarea } from '@mantine/core';
import { IconFileText, IconUpload } from '@tabler/icons-react';
import { type ClipboardEvent, type DragEvent, useState } from 'react';
import { useT } from '../../i18n/i18n.ts';
import { formatBytes } from '../../parts/format.ts';
import { tellFailure } from '../../parts/tell.tsx';
import classes from './import-source.module.css';
import type { Source } from './use-import.ts';

/** Characters that a text field still takes with ease. */
const LARGE = 50_000;

interface Props {
  readonly source: Source | null;
  readonly onSource: (source: Source | null) => void;
}

/** Text that is pasted, or a file that is dropped or chosen. */
export function ImportSource({ source, onSource }: Props) {
  const t = useT();
  const [file, setFile] = useState<string | null>(null);
  const [over, setOver] = useState(false);

  const read = async (chosen: File | null | undefined) => {
    if (!chosen) return;
    try {
      onSource({ name: chosen.name, bytes: new Uint8Array(await chosen.arrayBuffer()) });
      setFile(chosen.name);
    } catch (error) {
      tellFailure(error);
    }
  };
  const paste = (text: string) =>
    onSource(text.trim() === '' ? null : { name: t('import.pasted'), bytes: new TextEncoder().encode(text) });
  /** So many lines make a text field crawl; they are taken as if they were a file. */
  const pasteMany = (event: ClipboardEvent) => {
    const text = event.clipboardData.getData('text/plain');
    if (text.length < LARGE) return;
    event.preventDefault();
    setFile(t('import.pasted'));
    onSource({ name: t('import.pasted'), bytes: new TextEncoder().encode(text) });
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void read(event.dataTransfer.files[0]);
  };

  if (file !== null && source !== null) {
    return (
      <Paper withBorder p="md">
        <Group justify="space-between">
          <Group gap="xs">
            <IconFileText size={20} aria-hidden />
            <Text size="sm">{t('import.file', { name: file, size: formatBytes(source.bytes.length) })}</Text>
          </Group>
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              setFile(null);
              onSource(null);
            }}
          >
            {t('import.removeFile')}
          </Button>
        </Group>
      </Paper>
    );
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is one way of three; the others work by keyboard
    <div
      onDrop={drop}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      className={over ? classes.over : undefined}
    >
      <Textarea
        label={t('import.drop')}
        description={t('import.paste')}
        rows={8}
        spellCheck={false}
        classNames={{ input: classes.input ?? '' }}
        onChange={(event) => paste(event.currentTarget.value)}
        onPaste={pasteMany}
        data-autofocus
      />
      <FileButton onChange={read}>
        {(props) => (
          <Button {...props} mt="xs" size="xs" variant="default" leftSection={<IconUpload size={16} />}>
            {t('import.choose')}
          </Button>
        )}
      </FileButton>
    </div>
  );
}
