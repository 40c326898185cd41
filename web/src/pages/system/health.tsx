import { Alert, Group, List, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import type { HealthCheck } from '../../../../src/model/operations.ts';
import { useHealth } from '../../api/queries.ts';
import { useSaid, useT } from '../../i18n/i18n.ts';
import { Panel } from '../../parts/page.tsx';
import { StateIcon } from '../../parts/state-icon.tsx';
import { Loaded } from '../../parts/states.tsx';

/** What the daemon checks of itself, each with what to do. */
export function Health() {
  const t = useT();
  const query = useHealth();
  return (
    <Panel title={t('system.health')}>
      <Loaded query={query}>
        {({ healthy, checks }) => (
          <>
            <Alert
              color={healthy ? 'teal' : 'orange'}
              icon={healthy ? <IconCheck /> : <IconAlertTriangle />}
              title={t(healthy ? 'system.healthy' : 'system.unhealthy')}
              mb="sm"
            />
            <List spacing="xs" listStyleType="none" withPadding={false}>
              {checks.map((check) => (
                <Check key={check.name} check={check} />
              ))}
            </List>
          </>
        )}
      </Loaded>
    </Panel>
  );
}

function Check({ check: { name, ok, message, hint } }: { readonly check: HealthCheck }) {
  const t = useT();
  const said = useSaid();
  return (
    <List.Item>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <StateIcon state={ok ? 'ok' : 'problem'} label={t(ok ? 'system.ok' : 'system.notOk')} />
        <div>
          <Text size="sm">
            <strong>{name}</strong>: {said(message)}
          </Text>
          {hint !== null && (
            <Text size="sm" className="dim">
              {said(hint)}
            </Text>
          )}
        </div>
      </Group>
    </List.Item>
  );
}
