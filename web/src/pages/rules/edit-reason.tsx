import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Rule } from '../../../../src/model/rules.ts';
import { netxfw } from '../../api/netxfw.ts';
import { useT } from '../../i18n/i18n.ts';
import { FormModal } from '../../parts/form-modal.tsx';

interface Props {
  /** Null closes the dialog. */
  readonly rule: Rule | null;
  readonly onClose: () => void;
}

export function EditReason({ rule, onClose }: Props) {
  const t = useT();
  const [reason, setReason] = useState('');
  useEffect(() => setReason(rule?.reason ?? ''), [rule]);
  return (
    <FormModal
      opened={rule !== null}
      onClose={onClose}
      title={t('rules.editTitle')}
      action={t('action.save')}
      onSubmit={(attempt) =>
        attempt((options) => {
          const { list, prefix, expiresAt } = rule!;
          // Adding an entry again replaces it, so that it needs the rest of its life, too.
          const ttl =
            expiresAt === null ? {} : { ttl: Math.max(1, Math.ceil((Date.parse(expiresAt) - Date.now()) / 1000)) };
          return netxfw.rules.add({ list, prefix, reason, ...ttl }, options);
        })
      }
    >
      <TextInput
        label={t('field.reason')}
        description={rule?.prefix}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={63}
        data-autofocus
      />
    </FormModal>
  );
}
