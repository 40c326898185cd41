import { Autocomplete, Button, Group, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useStatus } from '../../api/queries.ts';
import type { TextKey } from '../../i18n/en/index.ts';
import { useT } from '../../i18n/i18n.ts';
import type { Field, Fields } from './request.ts';

const PROTOCOLS = ['tcp', 'udp', 'icmp', 'icmpv6', 'gre', 'esp'];

interface Props {
  readonly initial: Fields;
  readonly onSubmit: (fields: Readonly<Record<string, string>>) => void;
}

export function PacketForm({ initial, onSubmit }: Props) {
  const t = useT();
  const [fields, setFields] = useState<Fields>(initial);
  const interfaces = useStatus().data?.attachments.map((attachment) => attachment.interface) ?? [];
  const set = (field: Field, value: string) => setFields({ ...fields, [field]: value });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit(fields as Record<string, string>);
  };
  const protocol = (fields.protocol ?? '') || 'tcp';
  const hasPorts = ['tcp', 'udp', '6', '17'].includes(protocol);
  const text = (field: Field, label: TextKey, description?: TextKey) => (
    <TextInput
      label={t(label)}
      {...(description === undefined ? {} : { description: t(description) })}
      value={fields[field] ?? ''}
      onChange={(event) => set(field, event.currentTarget.value)}
    />
  );
  const choice = (field: 'fragment' | 'direction', values: readonly string[]) => (
    <Select
      label={t(`explain.${field}`)}
      allowDeselect={false}
      value={(fields[field] ?? '') || values[0]!}
      onChange={(value) => set(field, value === values[0] ? '' : (value ?? ''))}
      data={values.map((value) => ({ value, label: t(`explain.${field}.${value}` as TextKey) }))}
    />
  );

  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
          <TextInput
            label={t('explain.source')}
            description={t('explain.sourceHelp')}
            value={fields.source ?? ''}
            onChange={(event) => set('source', event.currentTarget.value)}
            required
            withAsterisk={false}
          />
          {text('destination', 'explain.destination', 'explain.destinationHelp')}
          <Autocomplete
            label={t('explain.protocol')}
            value={protocol}
            onChange={(value) => set('protocol', value === 'tcp' ? '' : value)}
            data={PROTOCOLS}
          />
          {hasPorts ? text('destinationPort', 'explain.destinationPort') : text('icmpType', 'explain.icmpType')}
          {hasPorts && text('sourcePort', 'explain.sourcePort')}
          {protocol === 'tcp' && text('flags', 'explain.flags')}
          {choice('direction', ['in', 'out'])}
          {choice('fragment', ['none', 'first', 'late'])}
          {text('vlan', 'explain.vlan')}
          <Select
            label={t('explain.interface')}
            allowDeselect={false}
            value={fields.interface ?? ''}
            onChange={(value) => set('interface', value ?? '')}
            data={[{ value: '', label: t('explain.interfaceFirst') }, ...interfaces]}
          />
        </SimpleGrid>
        <Group justify="flex-end">
          <Button type="submit">{t('explain.button')}</Button>
        </Group>
      </Stack>
    </form>
  );
}
