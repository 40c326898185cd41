import { Code, List, Select, Text } from '@mantine/core';
import { useState } from 'react';
import type { ReloadKind } from '../../../../src/model/operations.ts';
import { netxfw } from '../../api/netxfw.ts';
import { useT } from '../../i18n/i18n.ts';
import { FormModal } from '../../parts/form-modal.tsx';
import { tell, withNotices } from '../../parts/tell.tsx';
import { Diff } from './diff.tsx';

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly base: { readonly yaml: string; readonly etag: string };
  readonly draft: string;
  readonly kind: ReloadKind;
  readonly changes: readonly string[];
}

/** Seconds within which somebody has to keep a change. */
const TIMES = [30, 60, 300];
const USUAL = '60';

/** Shows what goes and comes before it is applied, with a way back that needs no way in. */
export function ApplyDialog({ opened, onClose, base, draft, kind, changes }: Props) {
  const t = useT();
  const [confirm, setConfirm] = useState(USUAL);
  return (
    <FormModal
      opened={opened}
      onClose={onClose}
      title={t('configuration.applyTitle')}
      action={t('configuration.apply')}
      size="lg"
      onSubmit={async (attempt) => {
        const within = confirm === '' ? {} : { confirm: Number(confirm) };
        const done = await attempt((options) =>
          netxfw.config.replace(draft, { ...options, ...within, etag: base.etag }),
        );
        if (done) {
          const key = done.pending === null ? 'configuration.applied' : 'configuration.appliedPending';
          tell(withNotices(t(key, { ms: done.milliseconds }), done.notices));
        }
        return done;
      }}
    >
      <Text size="sm" fw={600}>
        {t(`configuration.kind.${kind}`)}
      </Text>
      {changes.length > 0 && (
        <div>
          <Text size="sm">{t('configuration.changes')}</Text>
          <List size="sm" spacing={2}>
            {changes.map((change) => (
              <List.Item key={change}>
                <Code>{change}</Code>
              </List.Item>
            ))}
          </List>
        </div>
      )}
      <div>
        <Text size="sm" mb={4}>
          {t('configuration.diff')}
        </Text>
        <Diff before={base.yaml} after={draft} />
      </div>
      <Select
        label={t('configuration.confirm')}
        description={t('configuration.confirmText')}
        value={confirm}
        onChange={(value) => setConfirm(value ?? USUAL)}
        allowDeselect={false}
        data={[
          ...TIMES.map((n) => ({ value: String(n), label: t('configuration.confirmSeconds', { n }) })),
          { value: '', label: t('configuration.confirmNever') },
        ]}
      />
    </FormModal>
  );
}
