import { Badge, Tabs } from '@mantine/core';
import { useDynamic, useIpPortRules, useRuleCounts } from '../../api/queries.ts';
import { useT } from '../../i18n/i18n.ts';
import { formatSi } from '../../parts/format.ts';
import { Page } from '../../parts/page.tsx';
import { choiceOf, useUrlState } from '../../parts/url-state.ts';
import { DynamicRules } from './dynamic-rules.tsx';
import { IpPortRules } from './ip-port-rules.tsx';
import { StaticRules } from './static-rules.tsx';

const TABS = ['deny', 'allow', 'dynamic', 'ports'] as const;

/** Everything that judges by source: both lists, the dynamic blocks, IP+port rules. */
export default function RulesPage() {
  const t = useT();
  const url = useUrlState();
  const tab = choiceOf(TABS, url.get('list'));
  const counts = useRuleCounts().data;
  const dynamic = useDynamic().data;
  const ports = useIpPortRules().data;
  const sizes = { deny: counts?.deny, allow: counts?.allow, dynamic: dynamic?.length, ports: ports?.length };
  const choose = (value: string | null) =>
    url.set({ list: value === null || value === 'deny' ? '' : value, search: '', sort: '', order: '' });

  return (
    <Page title={t('rules.title')}>
      <Tabs value={tab} onChange={choose} keepMounted={false}>
        <Tabs.List aria-label={t('rules.lists')} mb="md">
          {TABS.map((each) => (
            <Tabs.Tab
              key={each}
              value={each}
              rightSection={
                sizes[each] !== undefined && (
                  <Badge size="sm" variant="light" color="gray" tt="none" c="var(--mantine-color-text)">
                    {formatSi(sizes[each])}
                  </Badge>
                )
              }
            >
              {t(each === 'ports' ? 'rules.tab.ports' : `list.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="deny">
          <StaticRules list="deny" />
        </Tabs.Panel>
        <Tabs.Panel value="allow">
          <StaticRules list="allow" />
        </Tabs.Panel>
        <Tabs.Panel value="dynamic">
          <DynamicRules />
        </Tabs.Panel>
        <Tabs.Panel value="ports">
          <IpPortRules />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
