import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { netxfw } from '../../api/netxfw.ts';
import { useT } from '../../i18n/i18n.ts';
import { DurationInput, ONE_DAY, secondsOf } from '../../parts/duration-input.tsx';
import { FormModal } from '../../parts/form-modal.tsx';
import { tell } from '../../parts/tell.tsx';

export function AddDynamic({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const t = useT();
  const [prefix, setPrefix] = useState('');
  const [reason, setReason] = useState('');
  const [duration, setDuration] = useState(ONE_DAY);
  return (
    <FormModal
      opened={opened}
      onClose={onClose}
      title={t('rules.addTitle.dynamic')}
      action={t('action.add')}
      onSubmit={async (attempt) => {
        const ttl = secondsOf(duration);
        const input = {
          prefix: prefix.trim(),
          ...(reason === '' ? {} : { reason }),
          ...(ttl === undefined ? {} : { ttl }),
        };
        const done = await attempt((options) => netxfw.dynamic.add(input, options));
        if (done) {
          tell(t('rules.added', { address: done.prefix }));
          setPrefix('');
        }
        return done;
      }}
    >
      <TextInput
        label={t('field.address')}
        description={t('rules.addressHelpHost')}
        value={prefix}
        onChange={(event) => setPrefix(event.currentTarget.value)}
        data-autofocus
        required
        withAsterisk={false}
      />
      <TextInput
        label={`${t('field.reason')} (${t('field.optional')})`}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={31}
      />
      <DurationInput value={duration} onChange={setDuration} />
    </FormModal>
  );
}
