import { List, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { EngineEvent } from '../../../../src/model/events.ts';
import { netxfw } from '../../api/netxfw.ts';
import { useT } from '../../i18n/i18n.ts';
import { formatTime } from '../../parts/format.ts';
import { Panel } from '../../parts/page.tsx';
import { EmptyState } from '../../parts/states.tsx';
import { eventText } from './event-text.ts';

const KEPT = 100;
const AGAIN = 1000;

interface Seen {
  readonly id: number;
  readonly event: EngineEvent;
}

/** Changes as they happen, whoever makes them. */
export function Changes() {
  const t = useT();
  const seen = useEngineEvents();
  return (
    <Panel title={t('system.events')}>
      <Text size="sm" className="dim" mb="xs">
        {t('system.eventsText')}
      </Text>
      {seen.length === 0 ? (
        <EmptyState icon={<IconHistory />} title={t('system.noEvents')} />
      ) : (
        <List listStyleType="none" withPadding={false} spacing={4} size="sm" aria-live="polite">
          {seen.map(({ id, event }) => (
            <List.Item key={id}>
              <Text component="span" size="sm" className="dim" mr="sm">
                {formatTime(event.at)}
              </Text>
              {eventText(t, event)}
            </List.Item>
          ))}
        </List>
      )}
    </Panel>
  );
}

function useEngineEvents(): readonly Seen[] {
  const [seen, setSeen] = useState<readonly Seen[]>([]);
  useEffect(() => {
    const stop = new AbortController();
    let next = 0;
    const follow = async () => {
      while (!stop.signal.aborted) {
        try {
          for await (const event of netxfw.events.engine(stop.signal)) {
            const id = next++;
            setSeen((before) => [{ id, event }, ...before].slice(0, KEPT));
          }
        } catch {
          // The connection's state is shown at the top of the page.
        }
        await new Promise((resolve) => setTimeout(resolve, AGAIN));
      }
    };
    void follow();
    return () => stop.abort();
  }, []);
  return seen;
}
