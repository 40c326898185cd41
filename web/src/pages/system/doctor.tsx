import { Button, Code, Group, Table, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { DIAGNOSIS_STATES, type Diagnosis } from '../../../../src/model/diagnosis.ts';
import { useDoctor } from '../../api/queries.ts';
import { useSaid, useT } from '../../i18n/i18n.ts';
import { Panel } from '../../parts/page.tsx';
import { StateIcon } from '../../parts/state-icon.tsx';
import { Loaded } from '../../parts/states.tsx';
import { WideTable } from '../../parts/wide-table.tsx';

/** What the filter needs of its host: kernel, driver, memory, ports; each with what to do about it. */
export function Doctor() {
  const t = useT();
  const query = useDoctor();
  return (
    <Panel
      title={t('doctor.title')}
      aside={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconRefresh size={16} />}
          loading={query.isFetching}
          onClick={() => void query.refetch()}
        >
          {t('doctor.again')}
        </Button>
      }
    >
      <Text size="sm" className="dim" mb="xs">
        {t('doctor.text')}
      </Text>
      <Loaded query={query}>{(found) => <Findings found={found} />}</Loaded>
    </Panel>
  );
}

function Findings({ found }: { readonly found: readonly Diagnosis[] }) {
  const t = useT();
  const problems = found.filter(({ state }) => state === 'problem').length;
  return (
    <>
      <Text size="sm" fw={600} className={problems === 0 ? 'pass' : 'drop'} mb={4} data-testid="doctor">
        {problems === 0 ? t('doctor.fine') : t('doctor.problems', { n: problems })}
      </Text>
      <WideTable least={300} verticalSpacing={6} aria-label={t('doctor.title')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={150}>{t('doctor.subject')}</Table.Th>
            <Table.Th>{t('doctor.finding')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {found.toSorted(byUrgency).map((diagnosis) => (
            <Finding key={`${diagnosis.name} ${diagnosis.message}`} diagnosis={diagnosis} />
          ))}
        </Table.Tbody>
      </WideTable>
    </>
  );
}

/** What needs somebody comes first. */
function byUrgency(a: Diagnosis, b: Diagnosis): number {
  return DIAGNOSIS_STATES.indexOf(b.state) - DIAGNOSIS_STATES.indexOf(a.state);
}

function Finding({ diagnosis: { name, state, message, remedy } }: { readonly diagnosis: Diagnosis }) {
  const t = useT();
  const said = useSaid();
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="xs" wrap="nowrap">
          <StateIcon state={state} label={t(`doctor.state.${state}`)} />
          {name}
        </Group>
      </Table.Td>
      <Table.Td className="mono">
        {said(message)}
        {remedy !== null && (
          <Text size="sm" className="dim">
            {t('doctor.remedy')}: <Code className="mono">{said(remedy)}</Code>
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
