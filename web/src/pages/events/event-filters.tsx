import { Group, SegmentedControl, Select, TextInput } from '@mantine/core';
import type { EventFilter } from '../../../../src/model/events.ts';
import { REASON_NAMES, type ReasonName, reasonVerdict } from '../../../../src/model/reasons.ts';
import { useT } from '../../i18n/i18n.ts';
import { choiceOf, type UrlState, useUrlState } from '../../parts/url-state.ts';
import { isPrefix } from '../connections/filter.ts';

const VERDICTS = ['', 'drop', 'pass'] as const;

/** The filter that stands in the address; what is still being typed does not count. */
export function filterFrom(url: UrlState): EventFilter {
  const verdict = choiceOf(VERDICTS, url.get('verdict'));
  const reason = url.get('reason') as ReasonName;
  const source = url.get('source').trim();
  const port = Number(url.get('port') || Number.NaN);
  return {
    ...(verdict === '' ? {} : { verdict }),
    ...(REASON_NAMES.includes(reason) ? { reason } : {}),
    ...(isPrefix(source) ? { source } : {}),
    ...(Number.isInteger(port) && port >= 0 && port <= 65535 ? { port } : {}),
  };
}

export function EventFilters() {
  const t = useT();
  const url = useUrlState();
  const verdict = choiceOf(VERDICTS, url.get('verdict'));
  const reasons = REASON_NAMES.filter((name) => verdict === '' || reasonVerdict(name) === verdict);
  return (
    <Group gap="xs" align="end">
      <SegmentedControl
        aria-label={t('events.verdict')}
        value={verdict}
        onChange={(value) => url.set({ verdict: value, reason: '' })}
        data={VERDICTS.map((value) => ({
          value,
          label: value === '' ? t('events.verdictAny') : t(`verdict.${value}`),
        }))}
      />
      <Select
        label={t('events.reason')}
        w={230}
        searchable
        allowDeselect={false}
        value={url.get('reason')}
        onChange={(value) => url.set({ reason: value ?? '' })}
        data={[
          { value: '', label: t('events.reasonAny') },
          ...reasons.map((value) => ({ value, label: t(`reason.${value}`) })),
        ]}
      />
      <TextInput
        label={t('events.sourceFilter')}
        w={220}
        value={url.get('source')}
        onChange={(event) => url.set({ source: event.currentTarget.value })}
      />
      <TextInput
        label={t('events.portFilter')}
        w={130}
        inputMode="numeric"
        value={url.get('port')}
        onChange={(event) => url.set({ port: event.currentTarget.value })}
      />
    </Group>
  );
}
