import type { Host, StartReport } from '../../../src/cli/host.ts';
import type { AuditPage } from '../../../src/model/audit.ts';
import { NetxfwError } from '../../../src/model/errors.ts';
import type { SystemStatus } from '../../../src/model/status.ts';

const ATTACHED = [
  { interface: 'eth0', ifindex: 2, mode: 'native', note: null },
  {
    interface: 'eth1',
    ifindex: 3,
    mode: 'generic',
    note: 'native refused by virtio_net: Too few free TX rings available; ethtool -L eth1 combined 2',
  },
] as const;

export const STATUS: SystemStatus = {
  version: '1.2.3',
  loaded: true,
  daemon: true,
  attachments: ATTACHED,
  rules: { allow: 1, deny: 120430, dynamic: 2 },
  maps: [{ name: 'lock_hosts', entries: 120430, capacity: 2000000, bytes: 33554432 }],
  packets: { passed: { packets: 1234567, bytes: 987654321 }, dropped: { packets: 42, bytes: 2520 } },
  startedAt: '2026-01-01T11:00:00.000Z',
  pinPath: '/sys/fs/bpf/netxfw',
  configFile: '/etc/netxfw/config.yaml',
  listeners: [
    { name: 'socket', address: '/run/netxfw/netxfw.sock', problem: null },
    { name: 'api', address: 'http://127.0.0.1:11818', problem: null },
    { name: 'web', address: 'http://127.0.0.1:11811', problem: null },
    { name: 'metrics', address: 'http://127.0.0.1:9100', problem: 'another program uses 127.0.0.1:9100' },
  ],
  warnings: ['eth1 runs in generic mode, which is slower than native'],
};

const STARTED: StartReport = {
  attachments: ATTACHED,
  adopted: true,
  reconciled: { added: 2, removed: 1 },
  notices: [],
  status: STATUS,
};

export const HOST: Partial<Host> = {
  load: async ({ interfaces }) => {
    const attachments = ATTACHED.filter(({ interface: name }) => interfaces.length === 0 || interfaces.includes(name));
    return { ...STARTED, adopted: false, attachments, status: { ...STATUS, attachments, warnings: [] } };
  },
  unload: async ({ onNotice }) => {
    onNotice('stopping the daemon (process 4711)');
    return { detached: ['eth0', 'eth1'] };
  },
  check: async ({ config = '/etc/netxfw/config.yaml' }) => {
    if (!config.endsWith('bad.yaml'))
      return { file: config, notes: ['base.interfaces: there is no interface eth9 now'] };
    throw new NetxfwError('CONFIG_INVALID', `${config}:3: base.bogon is an unknown key (and 1 more)`, {
      details: {
        file: config,
        problems: [
          { line: 3, key: 'base.bogon', message: 'unknown key; did you mean "bogon_filter"?' },
          { line: 9, key: 'api.port', message: 'must be a whole number from 0 to 65535, not "x"' },
        ],
      },
    });
  },
  doctor: async ({ tryNative }) => [
    { name: 'kernel', state: 'ok', message: '6.1.0-18-amd64', remedy: null },
    {
      name: 'eth0',
      state: 'note',
      message: 'driver ena: LRO is on, with which native XDP does not go; attached in generic mode, which is slower',
      remedy: 'ethtool -K eth0 lro off',
    },
    ...(tryNative ? [{ name: 'bpffs', state: 'problem', message: 'there is none', remedy: 'mount it' } as const] : []),
  ],
  daemon: async ({ onReady }) => {
    onReady({ ...STARTED, tokens: 0 });
  },
};

export const AUDIT: AuditPage = {
  records: [
    {
      id: 42,
      at: '2026-01-01T11:59:30.000Z',
      who: 'unknown',
      via: 'none',
      from: '198.51.100.9 port 50412',
      route: 'GET /api/rules',
      target: '/api/rules?list=deny',
      input: null,
      outcome: 'UNAUTHORIZED',
      milliseconds: 0,
    },
    {
      id: 41,
      at: '2026-01-01T11:58:00.000Z',
      who: 'grafana',
      via: 'token',
      from: '198.51.100.7 port 41000',
      route: 'DELETE /api/rules',
      target: '/api/rules?prefix=192.0.2.7&list=deny',
      input: null,
      outcome: 'FORBIDDEN',
      milliseconds: 1,
    },
    {
      id: 40,
      at: '2026-01-01T11:00:00.000Z',
      who: 'uid 0 cli:alice',
      via: 'socket',
      from: null,
      route: 'POST /api/rules',
      target: '/api/rules',
      input: '[{"list":"deny","prefix":"192.0.2.7","reason":"scanner"}]',
      outcome: 'ok',
      milliseconds: 3,
    },
  ],
  next: 40,
};
