import { Group, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { IpPortAction } from '../../../../src/model/open-ports.ts';
import type { PortProtocol } from '../../../../src/model/ports.ts';
import { netxfw } from '../../api/netxfw.ts';
import { useT } from '../../i18n/i18n.ts';
import { AddressField, ReasonField } from '../../parts/fields.tsx';
import { FormModal } from '../../parts/form-modal.tsx';
import { tell } from '../../parts/tell.tsx';

const PROTOCOLS: readonly PortProtocol[] = ['any', 'tcp', 'udp'];
const ACTIONS: readonly IpPortAction[] = ['allow', 'deny'];

export function AddIpPortRule({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const t = useT();
  const [prefix, setPrefix] = useState('');
  const [ports, setPorts] = useState('');
  const [protocol, setProtocol] = useState<PortProtocol>('tcp');
  const [action, setAction] = useState<IpPortAction>('allow');
  const [reason, setReason] = useState('');
  return (
    <FormModal
      opened={opened}
      onClose={onClose}
      title={t('ipport.title')}
      action={t('action.add')}
      onSubmit={async (attempt) => {
        const input = { prefix: prefix.trim(), ports: ports.trim(), protocol, action };
        const done = await attempt((options) =>
          netxfw.ports.addRule(reason === '' ? input : { ...input, reason }, options),
        );
        if (done) tell(t('ipport.added', { address: done.rule.prefix, ports: done.rule.ports }));
        return done;
      }}
    >
      <SegmentedControl
        aria-label={t('ipport.action')}
        value={action}
        onChange={(value) => setAction(value as IpPortAction)}
        data={ACTIONS.map((value) => ({ value, label: t(`ipport.${value}`) }))}
      />
      <AddressField label={t('ipport.prefix')} value={prefix} onChange={setPrefix} />
      <Group grow align="end">
        <TextInput
          label={t('ipport.ports')}
          description={t('ipport.portsHelp')}
          value={ports}
          onChange={(event) => setPorts(event.currentTarget.value)}
          required
          withAsterisk={false}
        />
        <Select
          label={t('ipport.protocol')}
          allowDeselect={false}
          value={protocol}
          onChange={(value) => setProtocol((value ?? 'any') as PortProtocol)}
          data={PROTOCOLS.map((value) => ({
            value,
            label: value === 'any' ? t('ipport.protocol.any') : value.toUpperCase(),
          }))}
        />
      </Group>
      <ReasonField value={reason} onChange={setReason} />
    </FormModal>
  );
}
