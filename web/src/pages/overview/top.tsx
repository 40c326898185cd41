import { Anchor, Progress, SimpleGrid, Table, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { Link } from 'wouter';
import type { TopEntry } from '../../../../src/model/events.ts';
import { useTop } from '../../api/queries.ts';
import { useT } from '../../i18n/i18n.ts';
import { BlockButton } from '../../parts/block-button.tsx';
import { formatSi } from '../../parts/format.ts';
import { Panel } from '../../parts/page.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { Mono } from '../../parts/time.tsx';

const SHOWN = 8;

/** Who and what is dropped most right now. */
export function Top() {
  const t = useT();
  const top = useTop();
  const window = top.data?.window ?? 60;
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
      <Panel title={t('overview.topSources', { n: window })}>
        <Loaded query={top}>
          {({ sources }) => <Ranking entries={sources} heading={t('field.address')} link="source" blockable />}
        </Loaded>
      </Panel>
      <Panel
        title={t('overview.topPorts')}
        aside={
          <Anchor component={Link} href="/events" size="sm">
            {t('overview.events')}
          </Anchor>
        }
      >
        <Loaded query={top}>{({ ports }) => <Ranking entries={ports} heading={t('ports.port')} link="port" />}</Loaded>
      </Panel>
    </SimpleGrid>
  );
}

interface RankingProps {
  readonly entries: readonly TopEntry[];
  readonly heading: string;
  /** Name of the filter of the events page. */
  readonly link: 'source' | 'port';
  readonly blockable?: boolean;
}

function Ranking({ entries, heading, link, blockable = false }: RankingProps) {
  const t = useT();
  if (entries.length === 0) return <EmptyState icon={<IconCircleCheck />} title={t('overview.topNone')} />;
  const most = entries[0]!.packets;
  return (
    <Table verticalSpacing={5} horizontalSpacing="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{heading}</Table.Th>
          <Table.Th className="numeric">{t('overview.packets')}</Table.Th>
          {blockable && (
            <Table.Th className="numeric">
              <span className="visually-hidden">{t('field.actions')}</span>
            </Table.Th>
          )}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {entries.slice(0, SHOWN).map(({ key, packets }) => (
          <Table.Tr key={key}>
            <Table.Td>
              <Anchor component={Link} href={`/events?${link}=${encodeURIComponent(eventFilter(link, key))}`} inherit>
                <Mono>{key}</Mono>
              </Anchor>
              <Progress value={(packets / most) * 100} size={3} mt={3} color="red" aria-hidden />
            </Table.Td>
            <Table.Td className="numeric">
              <Text size="sm">{formatSi(packets)}</Text>
            </Table.Td>
            {blockable && (
              <Table.Td w={120}>
                <BlockButton address={key} />
              </Table.Td>
            )}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** A port is ranked as `tcp/22` or `22`; the filter takes its number. */
function eventFilter(link: 'source' | 'port', key: string): string {
  return link === 'port' ? (/\d+/.exec(key)?.[0] ?? '') : key;
}
