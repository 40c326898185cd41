import { Paper, SimpleGrid, Stack, Text } from '@mantine/core';
import { type ReasonName, reasonVerdict } from '../../../../src/model/reasons.ts';
import type { SystemStatus } from '../../../../src/model/status.ts';
import { useStore } from '../../api/store.ts';
import { type Sample, traffic } from '../../api/traffic.ts';
import { type Translate, useT } from '../../i18n/i18n.ts';
import { formatBits, formatCount, formatPercent, formatSi } from '../../parts/format.ts';
import { Tile } from '../../parts/tile.tsx';
import classes from './headline.module.css';

/** Fewer dropped packets a second than this are nothing to speak of. */
const QUIET = 1;
/** An attack: at least so many dropped packets a second, and at least this share of all. */
const ATTACK = { pps: 100, share: 0.1 };

/** What is happening, in one sentence and four figures. */
export function Headline({ status }: { readonly status: SystemStatus }) {
  const t = useT();
  const { latest } = useStore(traffic);
  const passed = latest?.passed ?? { pps: 0, bytes: 0 };
  const dropped = latest?.dropped ?? { pps: 0, bytes: 0 };
  const all = passed.pps + dropped.pps;
  const { text, tone } = sentence(t, status, latest);
  return (
    <Stack gap="sm">
      <Paper p="md" className={classes[tone] ?? ''} data-testid="headline">
        <Text fw={650} size="lg">
          {text}
        </Text>
      </Paper>
      <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
        <Tile title={t('overview.passed')} tone="pass" value={formatSi(passed.pps)} unit={t('overview.unit.pps')}>
          {formatBits(passed.bytes)}
        </Tile>
        <Tile title={t('overview.dropped')} tone="drop" value={formatSi(dropped.pps)} unit={t('overview.unit.pps')}>
          {formatBits(dropped.bytes)}
        </Tile>
        <Tile title={t('overview.share')} value={all === 0 ? formatPercent(0) : formatPercent(dropped.pps / all)}>
          {t('overview.perSecond', { value: formatSi(all) })}
        </Tile>
        <Tile title={t('overview.rules')} value={formatCount(status.rules.deny + status.rules.dynamic)}>
          {t('overview.rulesMore', { dynamic: status.rules.dynamic, allow: status.rules.allow })}
        </Tile>
      </SimpleGrid>
    </Stack>
  );
}

type Tone = 'calm' | 'attack' | 'warning';

function sentence(t: Translate, status: SystemStatus, latest: Sample | null): { text: string; tone: Tone } {
  if (!status.loaded) return { text: t('overview.unloaded'), tone: 'warning' };
  if (latest !== null && latest.wouldDrop.pps > 0) return { text: t('overview.monitoring'), tone: 'warning' };
  const main = latest === null ? null : mainReason(latest);
  if (latest === null || main === null || latest.dropped.pps < QUIET) return { text: t('overview.calm'), tone: 'calm' };
  const values = { pps: formatSi(latest.dropped.pps), reason: t(`reason.${main}`) };
  const { pps } = latest.dropped;
  const attacked = pps >= ATTACK.pps && pps >= ATTACK.share * (pps + latest.passed.pps);
  return { text: t('overview.dropping', values), tone: attacked ? 'attack' : 'calm' };
}

function mainReason({ reasons }: Sample): ReasonName | null {
  const drops = [...reasons].filter(([name, { pps }]) => reasonVerdict(name) === 'drop' && pps > 0);
  return drops.toSorted(([, a], [, b]) => b.pps - a.pps)[0]?.[0] ?? null;
}
