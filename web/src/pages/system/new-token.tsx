import { Alert, Button, Code, CopyButton, Group, Modal, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { TOKEN_ROLES, type TokenRole } from '../../../../src/model/tokens.ts';
import { netxfw } from '../../api/netxfw.ts';
import { useT } from '../../i18n/i18n.ts';
import { FormModal } from '../../parts/form-modal.tsx';

export function NewToken({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const t = useT();
  const [name, setName] = useState('');
  const [role, setRole] = useState<TokenRole>('read');
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <>
      <FormModal
        opened={opened}
        onClose={onClose}
        title={t('system.tokenAdd')}
        action={t('system.tokenAdd')}
        onSubmit={async (attempt) => {
          const made = await attempt(() => netxfw.tokens.create({ name: name.trim(), role }));
          if (made) setSecret(made.token);
          return made;
        }}
      >
        <TextInput
          label={t('system.tokenName')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
          required
          withAsterisk={false}
          maxLength={64}
        />
        <SegmentedControl
          aria-label={t('system.tokenRole')}
          value={role}
          onChange={(value) => setRole(value as TokenRole)}
          data={TOKEN_ROLES.toReversed().map((value) => ({ value, label: t(`system.role.${value}`) }))}
        />
      </FormModal>
      <Modal
        opened={secret !== null}
        onClose={() => setSecret(null)}
        title={t('system.tokens')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        <Stack>
          <Alert color="yellow">{t('system.tokenShown')}</Alert>
          <Code block>{secret}</Code>
          <Group justify="flex-end">
            <CopyButton value={secret ?? ''}>
              {({ copied, copy }) => (
                <Button variant="default" onClick={copy}>
                  {t(copied ? 'action.copied' : 'action.copy')}
                </Button>
              )}
            </CopyButton>
            <Button onClick={() => setSecret(null)}>{t('action.close')}</Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
