import { useState } from 'react';
import type { ListName } from '../../../../src/model/entries.ts';
import { netxfw } from '../../api/netxfw.ts';
import { useT } from '../../i18n/i18n.ts';
import { DurationInput, FOREVER, secondsOf } from '../../parts/duration-input.tsx';
import { AddressField, ReasonField } from '../../parts/fields.tsx';
import { FormModal } from '../../parts/form-modal.tsx';
import { tell, withNotices } from '../../parts/tell.tsx';

interface Props {
  readonly list: ListName;
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function AddRule({ list, opened, onClose }: Props) {
  const t = useT();
  const [prefix, setPrefix] = useState('');
  const [reason, setReason] = useState('');
  const [duration, setDuration] = useState(FOREVER);
  const close = () => {
    setPrefix('');
    setReason('');
    setDuration(FOREVER);
    onClose();
  };
  return (
    <FormModal
      opened={opened}
      onClose={close}
      title={t(`rules.addTitle.${list}`)}
      action={t('action.add')}
      onSubmit={async (attempt) => {
        const ttl = secondsOf(duration);
        const rule = { list, prefix: prefix.trim(), ...(reason === '' ? {} : { reason }) };
        const done = await attempt((options) => netxfw.rules.add(ttl === undefined ? rule : { ...rule, ttl }, options));
        if (done) tell(withNotices(t(`rules.${done.change}`, { address: done.rule.prefix }), done.notices));
        return done;
      }}
    >
      <AddressField value={prefix} onChange={setPrefix} />
      <ReasonField value={reason} onChange={setReason} />
      <DurationInput value={duration} onChange={setDuration} />
    </FormModal>
  );
}
