import { AUDIT, HOST, STATUS } from './host.ts';
import type { Scenario } from './scenario.ts';

export const SYSTEM: readonly Scenario[] = [
  {
    name: 'check',
    host: HOST,
    lines: [
      'system test',
      'test new.yaml --json',
      'test bad.yaml',
      'test bad.yaml --json',
      'system doctor',
      'system doctor --json',
      'system doctor --try-native',
      'web',
    ],
  },
  {
    name: 'web',
    fakes: {
      system: { status: async () => STATUS },
      tokens: { list: async () => [] },
    },
    options: { variables: { SSH_CONNECTION: '192.0.2.7 1 198.51.100.1 22' } },
    lines: ['web', 'web --json'],
  },
  { name: 'version', lines: ['version', 'version --short', '--version', 'version --json'] },
  {
    name: 'system',
    host: HOST,
    lines: [
      'system load',
      'system load -i eth0',
      'system load -i lo,eth1 --json',
      'system daemon',
      'system daemon --json',
      'system unload',
      'system unload --json',
      'enable',
      'system on --json',
      'disable',
      'system off --json',
      'agent run',
    ],
  },
  {
    name: 'token',
    lines: [
      'token list',
      'token create alice',
      'token create grafana --role read --json',
      'token create alice',
      "token create 'no name'",
      'token create bob --role owner',
      'token list',
      'token list --json',
      'token remove grafana',
      'token remove grafana',
      'token remove alice --json',
    ],
  },
  {
    name: 'audit',
    fakes: { system: { audit: async () => AUDIT } },
    lines: ['system audit', 'system audit --json'],
  },
  {
    name: 'audit-session',
    lines: [
      'system audit',
      'deny 192.0.2.1',
      'deny 192.0.2.2',
      'system audit -s 192.0.2.1',
      'system audit -n 1',
      'system audit --before 2',
      'system audit --limit 501',
      'system audit --before x',
    ],
  },
];
