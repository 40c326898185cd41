import type { IpPortRule } from '../../../src/model/open-ports.ts';
import type { Scenario } from './scenario.ts';

const CREATED = '2026-01-01T11:00:00.000Z';

const RULES: readonly IpPortRule[] = [
  {
    prefix: '192.0.2.0/24',
    ports: '5432',
    protocol: 'tcp',
    action: 'allow',
    reason: 'office',
    source: 'user',
    createdAt: CREATED,
  },
  {
    prefix: '2001:db8::/32',
    ports: '8080-8090',
    protocol: 'any',
    action: 'deny',
    reason: '',
    source: 'config',
    createdAt: CREATED,
  },
];

export const PORT_RULES: readonly Scenario[] = [
  {
    name: 'port-rules',
    fakes: {
      ports: {
        addRule: async (input) => ({
          change: input.ports === '22' ? 'unchanged' : 'added',
          rule: { protocol: 'any', reason: '', ...input, source: 'user', createdAt: CREATED },
        }),
        listRules: async () => RULES,
        removeRule: async () => {},
      },
    },
    lines: [
      'allow 192.0.2.1:5432/tcp [2001:db8::1]:443',
      'allow 192.0.2.0/24:22',
      'deny 192.0.2.1 192.0.2.2:8080-8090/udp --reason scan',
      'deny 192.0.2.2:80 --json',
      'deny 192.0.2.2:80 --ttl 1h',
      'deny 192.0.2.2:70000',
      'allow port list',
      'deny port list',
      'deny port list --json',
      'list port',
      'allow del 192.0.2.0/24:5432/tcp',
      'deny del 192.0.2.0/24:5432/tcp',
      'allow del [2001:db8::/32]:8080-8090',
      'del 192.0.2.0/24:5432/tcp --json',
      'unblock [2001:db8::/32]:8080-8090',
      'unblock 192.0.2.0/24:5432/tcp',
    ],
  },
];
