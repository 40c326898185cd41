import { Alert, Stack, Text, Timeline } from '@mantine/core';
import { IconArrowDown, IconCheck, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ExplainRequest, ExplainResult, ExplainStage } from '../../../../src/model/explain.ts';
import { netxfw } from '../../api/netxfw.ts';
import { en, type TextKey } from '../../i18n/en/index.ts';
import { type Translate, useT } from '../../i18n/i18n.ts';
import { Loaded } from '../../parts/states.tsx';
import { Mono } from '../../parts/time.tsx';
import { DecidingEntry } from './deciding-entry.tsx';
import classes from './explanation.module.css';

/** What would happen to a packet, and why. */
export function Explanation({ request }: { readonly request: ExplainRequest }) {
  const query = useQuery({
    queryKey: ['explain', request],
    queryFn: () => netxfw.explain.explain(request),
    staleTime: 0,
  });
  return <Loaded query={query}>{(result) => <Result request={request} result={result} />}</Loaded>;
}

interface ResultProps {
  readonly request: ExplainRequest;
  readonly result: ExplainResult;
}

function Result({ request, result }: ResultProps) {
  const t = useT();
  const { verdict, reason, monitored, packet, records } = result;
  const passes = verdict === 'pass';
  const out = request.direction === 'out';
  return (
    <Stack data-testid="explanation">
      <Mono>{packet}</Mono>
      {out ? (
        <Alert color="blue" title={t('explain.records')}>
          {records ?? t('explain.nothingRecorded')}
        </Alert>
      ) : (
        <>
          <Alert
            color={passes ? 'teal' : 'red'}
            icon={passes ? <IconCheck /> : <IconX />}
            title={t(passes ? 'explain.passed' : 'explain.dropped')}
            role="status"
          >
            <Text size="sm">{t(`reason.${reason}`)}</Text>
            {monitored && <Text size="sm">{t('explain.monitored')}</Text>}
          </Alert>
          <DecidingEntry request={request} result={result} />
          <Path stages={result.stages} passes={passes} />
        </>
      )}
    </Stack>
  );
}

function Path({ stages, passes }: { readonly stages: readonly ExplainStage[]; readonly passes: boolean }) {
  const t = useT();
  const decided = stages.findIndex(({ outcome }) => outcome === 'decided');
  const color = passes ? 'teal' : 'red';
  return (
    <section aria-label={t('explain.path')}>
      <Text fw={600} mb="sm">
        {t('explain.path')}
      </Text>
      <Timeline active={decided < 0 ? stages.length : decided} bulletSize={20} lineWidth={2} color="gray">
        {stages.map(({ name, outcome }) => (
          <Timeline.Item
            key={name}
            className={classes.stage}
            {...(outcome === 'decided' ? { color } : {})}
            bullet={bulletOf(outcome, passes)}
            lineVariant={outcome === 'continue' ? 'solid' : 'dashed'}
          >
            <Text size="sm" component="span" fw={outcome === 'decided' ? 700 : 500}>
              {stageText(t, name)}
            </Text>
            <Text
              size="sm"
              component="span"
              ml="xs"
              className={outcome === 'decided' ? (passes ? 'pass' : 'drop') : 'dim'}
            >
              {t(`explain.outcome.${outcome}`)}
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
    </section>
  );
}

function bulletOf(outcome: ExplainStage['outcome'], passes: boolean) {
  if (outcome === 'not reached') return undefined;
  if (outcome === 'continue') return <IconArrowDown size={12} aria-hidden />;
  return passes ? <IconCheck size={12} aria-hidden /> : <IconX size={12} aria-hidden />;
}

function stageText(t: Translate, name: string): string {
  const key = `explain.stage.${name}`;
  return key in en ? t(key as TextKey) : name;
}
