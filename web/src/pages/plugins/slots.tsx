import { Table, Text, TextInput } from '@mantine/core';
import { IconTrash, IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import type { PluginSlot } from '../../../../src/model/operations.ts';
import { useChanges } from '../../api/change.ts';
import { netxfw } from '../../api/netxfw.ts';
import { usePlugins } from '../../api/queries.ts';
import { useT } from '../../i18n/i18n.ts';
import { ask } from '../../parts/ask.tsx';
import { ChangeButton, ChangeIcon } from '../../parts/change-button.tsx';
import { FormModal } from '../../parts/form-modal.tsx';
import { Panel } from '../../parts/page.tsx';
import { Loaded } from '../../parts/states.tsx';
import { tell } from '../../parts/tell.tsx';
import { Mono } from '../../parts/time.tsx';
import { WideTable } from '../../parts/wide-table.tsx';

/** Slots 0 and 1 are the core. */
const FIRST = 2;
const LAST = 15;
const SLOTS = Array.from({ length: LAST - FIRST + 1 }, (_, at) => FIRST + at);

/** The slots before the filter, and what is in them. */
export function Slots() {
  const t = useT();
  const query = usePlugins();
  const [target, setTarget] = useState<number | null>(null);
  return (
    <Panel title={t('plugins.slots')}>
      <Text size="sm" className="dim" mb="xs">
        {t('plugins.text')}
      </Text>
      <Loaded query={query} rows={8}>
        {(slots) => (
          <WideTable least={560} verticalSpacing={4}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th w={70}>{t('plugins.slot')}</Table.Th>
                <Table.Th>{t('plugins.name')}</Table.Th>
                <Table.Th>{t('plugins.file')}</Table.Th>
                <Table.Th>{t('plugins.tag')}</Table.Th>
                <Table.Th className="numeric">{t('plugins.id')}</Table.Th>
                <Table.Th w={110}>
                  <span className="visually-hidden">{t('field.actions')}</span>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {SLOTS.map((slot) => (
                <SlotRow
                  key={slot}
                  slot={slot}
                  plugin={slots.find((each) => each.slot === slot)}
                  onLoad={() => setTarget(slot)}
                />
              ))}
            </Table.Tbody>
          </WideTable>
        )}
      </Loaded>
      <LoadPlugin slot={target} onClose={() => setTarget(null)} />
    </Panel>
  );
}

interface SlotRowProps {
  readonly slot: number;
  readonly plugin: PluginSlot | undefined;
  readonly onLoad: () => void;
}

function SlotRow({ slot, plugin, onLoad }: SlotRowProps) {
  const t = useT();
  const { make, busy } = useChanges();
  const remove = async ({ name }: PluginSlot) => {
    const title = t('plugins.removeTitle', { name });
    if (!(await ask({ title, text: t('plugins.removeText'), action: t('action.remove'), dangerous: true }))) return;
    await make(async (options) => {
      await netxfw.plugins.remove(slot, options);
      tell(t('plugins.removed', { name }));
    });
  };
  return (
    <Table.Tr>
      <Table.Td>{slot}</Table.Td>
      <Table.Td>{plugin === undefined ? <span className="dim">{t('plugins.free')}</span> : plugin.name}</Table.Td>
      <Table.Td>{plugin?.file && <Mono>{plugin.file}</Mono>}</Table.Td>
      <Table.Td>{plugin !== undefined && <Mono>{plugin.tag}</Mono>}</Table.Td>
      <Table.Td className="numeric">{plugin?.programId}</Table.Td>
      <Table.Td align="right">
        {plugin === undefined ? (
          <ChangeButton
            size="compact-sm"
            variant="default"
            leftSection={<IconUpload size={14} />}
            aria-label={`${t('plugins.load')}: ${t('plugins.slot')} ${slot}`}
            onClick={onLoad}
          >
            {t('plugins.load')}
          </ChangeButton>
        ) : (
          <ChangeIcon
            label={t('plugins.remove', { name: plugin.name, slot })}
            disabled={busy}
            onClick={() => void remove(plugin)}
          >
            <IconTrash size={16} />
          </ChangeIcon>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function LoadPlugin({ slot, onClose }: { readonly slot: number | null; readonly onClose: () => void }) {
  const t = useT();
  const [file, setFile] = useState('');
  return (
    <FormModal
      opened={slot !== null}
      onClose={onClose}
      title={`${t('plugins.loadTitle')}: ${t('plugins.slot')} ${slot ?? ''}`}
      action={t('plugins.load')}
      onSubmit={async (attempt) => {
        const done = await attempt((options) => netxfw.plugins.load(file.trim(), slot!, options));
        if (done) tell(t('plugins.loaded', { name: done.name, slot: done.slot }));
        return done;
      }}
    >
      <TextInput
        label={t('plugins.file')}
        description={t('plugins.fileHelp')}
        value={file}
        onChange={(event) => setFile(event.currentTarget.value)}
        data-autofocus
        required
        withAsterisk={false}
      />
    </FormModal>
  );
}
