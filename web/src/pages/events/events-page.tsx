import { Badge, Button, Drawer, Group, Text, Tooltip } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconDownload, IconPlayerPause, IconPlayerPlay, IconTimeline, IconTrash } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import type { EventFilter } from '../../../../src/model/events.ts';
import { useT } from '../../i18n/i18n.ts';
import { Page } from '../../parts/page.tsx';
import { EmptyState } from '../../parts/states.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { VirtualTable } from '../../parts/virtual-table/virtual-table.tsx';
import { Explanation } from '../explain/explanation.tsx';
import { EventFilters, filterFrom } from './event-filters.tsx';
import { requestOf } from './packet.ts';
import { download, pcapOf } from './pcap.ts';
import { useEventColumns } from './use-event-columns.tsx';
import { type SeenEvent, useVerdicts } from './use-verdicts.ts';

const keyOf = ({ id }: SeenEvent) => String(id);

/** What the kernel decides, as it happens. */
export default function EventsPage() {
  const t = useT();
  const url = useUrlState();
  const paused = url.get('paused') !== '';
  const [applied] = useDebouncedValue(JSON.stringify(filterFrom(url)), 250);
  const filter: EventFilter = { ...(JSON.parse(applied) as EventFilter), capture: true };
  const { events, lost, connected, clear } = useVerdicts(filter, paused);
  const [opened, setOpened] = useState<SeenEvent | null>(null);
  const columns = useEventColumns(setOpened);
  const rowAt = useCallback((index: number) => events[index], [events]);
  const packets = events.filter(({ data }) => data !== undefined).length;
  const request = opened === null ? null : requestOf(opened);

  return (
    <Page
      title={t('events.title')}
      aside={
        <Group gap="xs">
          <Badge
            variant="light"
            tt="none"
            color={paused || !connected ? 'gray' : 'teal'}
            c="var(--mantine-color-text)"
            role="status"
          >
            {t(paused ? 'events.paused' : connected ? 'events.live' : 'connection.lost')}
          </Badge>
          <Button
            variant="default"
            leftSection={paused ? <IconPlayerPlay size={16} /> : <IconPlayerPause size={16} />}
            onClick={() => url.set({ paused: paused ? '' : '1' })}
          >
            {t(paused ? 'events.resume' : 'events.pause')}
          </Button>
          <Button variant="default" leftSection={<IconTrash size={16} />} onClick={clear}>
            {t('events.clear')}
          </Button>
          <Tooltip label={t('events.pcapHelp')}>
            <Button
              variant="default"
              leftSection={<IconDownload size={16} />}
              onClick={() => download('netxfw.pcap', pcapOf(events))}
              disabled={packets === 0}
            >
              {t('events.pcap', { n: packets })}
            </Button>
          </Tooltip>
        </Group>
      }
    >
      <EventFilters />
      <VirtualTable
        label={t('events.label')}
        columns={columns}
        count={events.length}
        rowAt={rowAt}
        keyOf={keyOf}
        empty={
          <EmptyState
            icon={<IconTimeline />}
            title={t(applied === '{}' ? 'events.empty' : 'events.emptyFilter')}
            text={t('events.emptyText')}
          />
        }
      />
      <Text size="sm" className="dim">
        {t('events.shown', { n: events.length })}
        {lost > 0 && ` - ${t('events.lost', { n: lost })}`}
      </Text>
      <Drawer
        opened={request !== null}
        onClose={() => setOpened(null)}
        position="right"
        size="lg"
        title={t('explain.title')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {request !== null && <Explanation request={request} />}
      </Drawer>
    </Page>
  );
}
