import { useState } from 'react';
import { netxfw } from '../../api/netxfw.ts';
import { useT } from '../../i18n/i18n.ts';
import { DurationInput, ONE_DAY, secondsOf } from '../../parts/duration-input.tsx';
import { AddressField, REASON_BYTES, ReasonField } from '../../parts/fields.tsx';
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
      <AddressField description={t('rules.addressHelpHost')} value={prefix} onChange={setPrefix} />
      <ReasonField value={reason} onChange={setReason} most={REASON_BYTES.dynamic} />
      <DurationInput value={duration} onChange={setDuration} />
    </FormModal>
  );
}
