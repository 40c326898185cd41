import { Group, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useBlocking } from '../../api/blocking.ts';
import { useCanChange } from '../../api/session.tsx';
import { useT } from '../../i18n/i18n.ts';
import { ChangeButton } from '../../parts/change-button.tsx';

/** Blocks an address that is typed or pasted. */
export function QuickBlock() {
  const t = useT();
  const [address, setAddress] = useState('');
  const { block, busy } = useBlocking();
  const allowed = useCanChange();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await block(address.trim())) setAddress('');
  };
  return (
    <form onSubmit={submit}>
      <Group gap={6} wrap="nowrap">
        <TextInput
          size="sm"
          w={220}
          aria-label={t('overview.blockSource')}
          placeholder={t('overview.blockPlaceholder')}
          value={address}
          onChange={(event) => setAddress(event.currentTarget.value)}
          disabled={!allowed}
          required
        />
        <ChangeButton type="submit" size="sm" color="red.9" disabled={busy}>
          {t('overview.block')}
        </ChangeButton>
      </Group>
    </form>
  );
}
