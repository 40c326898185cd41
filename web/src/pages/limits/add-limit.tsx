import { Group, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { netxfw } from '../../api/netxfw.ts';
import { useT } from '../../i18n/i18n.ts';
import { AddressField } from '../../parts/fields.tsx';
import { FormModal } from '../../parts/form-modal.tsx';
import { tell } from '../../parts/tell.tsx';

const MOST = 100_000_000;

export function AddLimit({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const t = useT();
  const [prefix, setPrefix] = useState('0.0.0.0/0');
  const [rate, setRate] = useState<string | number>(1000);
  const [burst, setBurst] = useState<string | number>('');
  return (
    <FormModal
      opened={opened}
      onClose={onClose}
      title={t('limits.add')}
      action={t('action.add')}
      onSubmit={async (attempt) => {
        const input = { prefix: prefix.trim(), rate: Number(rate) };
        const done = await attempt((options) =>
          netxfw.limits.add(burst === '' ? input : { ...input, burst: Number(burst) }, options),
        );
        if (done) tell(t('limits.added', { prefix: done.limit.prefix }));
        return done;
      }}
    >
      <AddressField label={t('limits.prefix')} value={prefix} onChange={setPrefix} />
      <Group grow align="end">
        <NumberInput
          label={t('limits.rate')}
          value={rate}
          onChange={setRate}
          min={1}
          max={MOST}
          allowDecimal={false}
          thousandSeparator=","
          required
          withAsterisk={false}
        />
        <NumberInput
          label={`${t('limits.burst')} (${t('field.optional')})`}
          description={t('limits.burstHelp')}
          value={burst}
          onChange={setBurst}
          min={1}
          max={MOST}
          allowDecimal={false}
          thousandSeparator=","
        />
      </Group>
    </FormModal>
  );
}
