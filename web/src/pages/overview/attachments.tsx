import { Badge, Group, Progress, Stack, Text } from '@mantine/core';
import type { Attachment, MapFill, XdpMode } from '../../../../src/model/status.ts';
import { useT } from '../../i18n/i18n.ts';
import { formatBytes, formatCount, formatPercent } from '../../parts/format.ts';
import { Panel } from '../../parts/page.tsx';
import { Mono } from '../../parts/time.tsx';

const MODE_COLORS: Record<XdpMode, string> = { native: 'teal', offload: 'teal', generic: 'orange' };

export function Interfaces({ attachments }: { readonly attachments: readonly Attachment[] }) {
  const t = useT();
  return (
    <Panel title={t('overview.interfaces')}>
      <Stack gap="sm">
        {attachments.length === 0 && <Text size="sm">{t('overview.unloaded')}</Text>}
        {attachments.map(({ interface: name, mode, note }) => (
          <div key={name}>
            <Group justify="space-between" gap="xs">
              <Mono>{name}</Mono>
              <Badge color={MODE_COLORS[mode]} variant="light" tt="none" c="var(--mantine-color-text)">
                {t(`overview.mode.${mode}`)}
              </Badge>
            </Group>
            {note !== null && (
              <Text size="xs" className="dim">
                {note}
              </Text>
            )}
          </div>
        ))}
      </Stack>
    </Panel>
  );
}

/** Share from which a bar calls for attention. */
const NEARLY_FULL = 0.9;

export function Maps({ maps }: { readonly maps: readonly MapFill[] }) {
  const t = useT();
  return (
    <Panel title={t('overview.maps')}>
      <Stack gap="xs">
        {maps.map(({ name, entries, capacity, bytes }) => {
          const share = capacity === 0 ? 0 : entries / capacity;
          return (
            <div key={name}>
              <Group justify="space-between" gap="xs" wrap="nowrap">
                <Mono>{name}</Mono>
                <Text size="xs" className="dim numeric">
                  {t('overview.mapOf', { entries: formatCount(entries), capacity: formatCount(capacity) })}
                  {` (${formatPercent(share)}, ${formatBytes(bytes)})`}
                </Text>
              </Group>
              <Progress value={share * 100} size="sm" color={share >= NEARLY_FULL ? 'red' : 'sea'} aria-label={name} />
            </div>
          );
        })}
      </Stack>
    </Panel>
  );
}
