import { defaultConfig } from '../../../src/model/config.ts';
import type { ReloadResult } from '../../../src/model/operations.ts';
import type { Fakes } from '../../support/fake-netxfw.ts';
import type { Scenario } from './scenario.ts';

const CREATED = '2026-01-01T11:00:00.000Z';

const RELOADED: ReloadResult = {
  kind: 'incremental',
  because: '',
  changes: ['base.default_deny: false -> true'],
  milliseconds: 12.4,
  pending: null,
  notices: [],
};

const config: Fakes['config'] = {
  get: async () => ({ config: defaultConfig(), yaml: '', file: '/etc/netxfw/config.yaml', etag: 'x' }),
  set: async (values) => ({
    ...RELOADED,
    changes: Object.entries(values).map(([key, value]) => `${key} -> ${JSON.stringify(value)}`),
  }),
  reload: async () => ({ ...RELOADED, kind: 'full', because: 'capacity.lock_list changed' }),
  pending: async () => ({ deadline: '2026-01-01T12:01:00.000Z', what: 'deny 192.0.2.0/24' }),
  confirm: async () => {},
  rollback: async () => ({ ...RELOADED, changes: ['base.default_deny: true -> false'] }),
  syncToConfig: async () => ({ copied: 3 }),
  syncToMap: async () => ({ added: 2, removed: 1 }),
};

export const POLICY: readonly Scenario[] = [
  {
    name: 'policy-session',
    lines: [
      'limit add 192.0.2.0/24 50',
      'limit add 192.0.2.0/24 50',
      'limit add 192.0.2.0/24 100 150',
      'limit add 10.0.0.0/8 1000 --json',
      'limit del 192.0.2.1',
      'limit del 10.0.0.0/8',
      'limit list',
      'port add 80 443/tcp',
      'port add 80',
      'port add 22',
      'port del 8080',
      'port del 443/tcp',
      'port add 90 91 --confirm 60s',
      'limit add 10.0.0.0/8 5 --confirm 60s',
      'confirm --undo',
      'deny 192.0.2.5 192.0.2.6:80 --confirm 60s',
      'port list',
      'allow 192.0.2.0/24:5432/tcp --reason office',
      'allow 192.0.2.0/24:5432/tcp --reason office',
      'deny 192.0.2.0/24:5432/tcp',
      'deny [2001:db8::]/32:53/udp 192.0.2.77',
      'allow port list',
      'deny port list',
      'list port',
      'unblock [2001:db8::/32]:53/udp',
      'deny del 192.0.2.0/24:1',
      'deny 198.51.100.1 198.51.100.2 --reason scan',
      'rule clear deny --search scan',
      'rule clear deny --search scan --json',
      'rule clear --search scan',
      'rule clear deny',
      'security default-deny on --accept-risk=lockout -q',
      'security default-deny',
      'security anti-spoof',
      'deny 0.0.0.0/0',
      'confirm',
      'reset',
      'reset --json',
      'rule clear --json',
    ],
  },
  {
    name: 'limits',
    fakes: {
      limits: {
        add: async ({ prefix, rate, burst = rate * 2 }) => ({
          change: prefix === '::/0' ? 'replaced' : 'added',
          limit: { prefix, rate, burst, source: 'user', createdAt: CREATED, dropped: 0 },
        }),
        remove: async () => {},
        list: async () => [
          { prefix: '0.0.0.0/0', rate: 1000, burst: 2000, source: 'config', createdAt: CREATED, dropped: 1234 },
          { prefix: '192.0.2.0/24', rate: 50, burst: 100, source: 'user', createdAt: CREATED, dropped: 0 },
        ],
      },
    },
    lines: [
      'limit add 0.0.0.0/0 --rate 1000 --burst 2000',
      'limit add 192.0.2.0/24 50 100',
      'limit add ::/0 500 --json',
      'limit add ::/0 500',
      'limit add 192.0.2.0/24',
      'limit add 192.0.2.0/24 fast',
      'limit add 192.0.2.0/24 1 2 3',
      'limit del 192.0.2.0/24',
      'limit list',
      'limit list --json',
    ],
  },
  {
    name: 'ports',
    fakes: {
      config,
      ports: {
        edit: async ({ open }) => ({
          opened: open.map((spec) => {
            const [ports = '', protocol = 'any'] = spec.split('/');
            const port = { ports, protocol: protocol as 'any', source: 'user', createdAt: CREATED };
            return { change: ports === '22' ? 'unchanged' : 'added', port };
          }),
        }),
        list: async () => [
          { ports: '80', protocol: 'any', source: 'config', createdAt: CREATED },
          { ports: '8080-8090', protocol: 'tcp', source: 'user', createdAt: CREATED },
        ],
        suggest: async () => [
          { port: 443, protocol: 'tcp', address: '0.0.0.0', process: 'nginx' },
          { port: 443, protocol: 'tcp', address: '::', process: 'nginx' },
          { port: 53, protocol: 'udp', address: '192.0.2.1', process: null },
        ],
      },
    },
    lines: [
      'port add 80',
      'port add 8080-8090/tcp 22/tcp',
      'port add 53/udp --json',
      'port add 80 90-80',
      'port del 80 8080-8090/tcp',
      'port list',
      'port list --json',
      'port suggest',
      'port suggest --json',
    ],
  },
  {
    name: 'security',
    fakes: { config },
    lines: [
      'security',
      'security --json',
      'security default-deny',
      'security syn-limit',
      'security syn-limit --json',
      'security default-deny on',
      'security monitor on',
      'security anti-spoof strict --json',
      'security syn-limit on --rate 50 --burst 300',
      'security icmp --burst 500',
      'security auto-block-expiry 10m',
      'security auto-block-expiry soon',
      'security anti-spoof on',
      'security fragments on --rate 5',
      'security default-dney on',
    ],
  },
  { name: 'security-narrow', fakes: { config }, lines: ['security'], options: { columns: 60 } },
  {
    name: 'config',
    fakes: {
      config,
      system: { reset: async () => ({ rules: 12000, dynamic: 1, limits: 2, ports: 3, ipPortRules: 1 }) },
    },
    lines: [
      'reload',
      'reload xdp --json',
      'reload --confirm 60s',
      'system reload',
      'confirm',
      'confirm --json',
      'confirm --undo',
      'reset',
      'reset --json',
      'system sync to-config',
      'system sync to-map',
      'system sync to-map --json',
      'system sync',
      'reload xpd',
    ],
  },
  {
    name: 'config-unchanged',
    fakes: {
      config: {
        reload: async () => ({ ...RELOADED, kind: 'none', changes: [], notices: ['api.port needs a new start'] }),
        syncToMap: async () => ({ added: 0, removed: 0 }),
      },
    },
    lines: ['reload', 'reload -q', 'system sync to-map'],
  },
];
