import { defaultConfig } from '../../../src/model/config.ts';
import type { Flow } from '../../../src/model/conns.ts';
import type { VerdictEvent } from '../../../src/model/events.ts';
import type { PerfReport } from '../../../src/model/operations.ts';
import { type ReasonName, reasonDescription, reasonVerdict } from '../../../src/model/reasons.ts';
import type { ReasonStats } from '../../../src/model/status.ts';
import type { Fakes } from '../../support/fake-netxfw.ts';
import { STATUS } from './host.ts';
import type { Scenario } from './scenario.ts';

const AT = '2026-01-01T11:59:30.123Z';

const FLOWS: readonly Flow[] = [
  {
    protocol: 'tcp',
    source: '198.51.100.1',
    sourcePort: 40000,
    destination: '192.0.2.9',
    destinationPort: 443,
    state: 'established',
    createdAt: AT,
    lastSeen: AT,
    expiresIn: 3570,
  },
  {
    protocol: 'icmpv6',
    source: '2001:db8::1',
    sourcePort: 7,
    destination: '2001:db8::2',
    destinationPort: 0,
    state: 'replied',
    createdAt: AT,
    lastSeen: AT,
    expiresIn: 25,
  },
];

const EVENT: VerdictEvent = {
  at: AT,
  verdict: 'drop',
  reason: 'DROP_DENIED_HOST',
  monitored: false,
  interface: 'eth0',
  ethertype: 0x0800,
  vlan: null,
  source: '192.0.2.7',
  destination: '198.51.100.1',
  protocol: 6,
  sourcePort: 50000,
  destinationPort: 22,
  tcpFlags: 0x02,
  icmpType: null,
  length: 60,
};

const EVENTS: readonly (VerdictEvent | { readonly lost: number })[] = [
  EVENT,
  {
    ...EVENT,
    source: '2001:db8::7',
    destination: '2001:db8::1',
    protocol: 17,
    tcpFlags: null,
    vlan: 42,
    monitored: true,
  },
  { lost: 12 },
  {
    ...EVENT,
    protocol: 1,
    sourcePort: null,
    destinationPort: null,
    tcpFlags: null,
    icmpType: 8,
    verdict: 'pass',
    reason: 'PASS_ICMP',
  },
  {
    ...EVENT,
    reason: 'DROP_ETHERTYPE',
    ethertype: 0x88cc,
    source: null,
    destination: null,
    protocol: null,
    sourcePort: null,
    destinationPort: null,
    tcpFlags: null,
  },
];

const PERF: PerfReport = {
  latency: [
    { operation: 'put_host', count: 12345, errors: 0, min: 0.8, mean: 1.25, max: 80, p50: 1.1, p90: 2, p99: 5.5 },
  ],
  caches: [{ name: 'stats', hits: 90, misses: 10, evictions: 0, size: 1, hitRate: 0.9 }],
  traffic: {
    interval: 1,
    passed: { pps: 1500, bps: 12_000_000 },
    dropped: { pps: 250_000, bps: 120_000_000 },
    reasons: [
      { reason: 'PASS_CONNTRACK', verdict: 'pass', pps: 1500, bps: 12_000_000 },
      { reason: 'DROP_DENIED_HOST', verdict: 'drop', pps: 250_000, bps: 120_000_000 },
      { reason: 'DROP_DEFAULT', verdict: 'drop', pps: 0, bps: 0 },
    ],
  },
  process: {
    cpu: 0.004,
    residentMemory: 90_000_000,
    heapUsed: 20_000_000,
    eventLoopDelay: { mean: 0.2, p99: 1.5, max: 12 },
    uptime: 3723,
  },
};

const SYSTEM: Fakes['system'] = { status: async () => STATUS };
const PERF_FAKES: Fakes = { system: SYSTEM, perf: { get: async () => PERF, reset: async () => {} } };

async function* stream<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

const OVERVIEW: Fakes = {
  ...PERF_FAKES,
  system: SYSTEM,
  stats: {
    get: async () => ({
      at: AT,
      passed: STATUS.packets.passed,
      dropped: STATUS.packets.dropped,
      wouldDrop: { packets: 0, bytes: 0 },
      reasons: [
        counted('PASS_DEFAULT', 1000),
        counted('DROP_DEFAULT', 2),
        counted('DROP_DENIED_HOST', 40),
        counted('DROP_LAND', 0),
      ],
    }),
  },
  events: {
    top: async () => ({ window: 60, sources: [{ key: '192.0.2.7', packets: 30 }], ports: [], reasons: [] }),
  },
  config: {
    get: async () => {
      const config = defaultConfig();
      const base = { ...config.base, default_deny: true };
      return { config: { ...config, mode: 'monitor', base }, yaml: '', file: '', etag: '' };
    },
    pending: async () => ({ deadline: '2026-01-01T12:01:00.000Z', what: 'reload of config.yaml' }),
  },
};

function counted(reason: ReasonName, packets: number): ReasonStats {
  const about = { verdict: reasonVerdict(reason), description: reasonDescription(reason), monitored: false };
  return { reason, ...about, packets, bytes: packets * 60 };
}

export const OBSERVE: readonly Scenario[] = [
  { name: 'overview', fakes: OVERVIEW, lines: ['status', 'agent status', 'status --json'] },
  { name: 'overview-terminal', fakes: OVERVIEW, lines: ['status'], options: { columns: 80 } },
  {
    name: 'conntrack',
    fakes: {
      conns: {
        list: async ({ protocol, offset = 0 } = {}) => {
          const flows = FLOWS.filter((flow) => protocol === undefined || flow.protocol === protocol);
          return { flows: flows.slice(offset), total: flows.length };
        },
        counts: async () => ({
          total: 1234,
          capacity: 100000,
          states: { syn_sent: 0, established: 1200, fin_wait: 0, closed: 0, unreplied: 4, replied: 30 },
        }),
        flush: async (filter) => (filter?.destination === undefined ? 1234 : 1),
      },
    },
    lines: [
      'conntrack list',
      'conntrack list --protocol tcp --json',
      'conntrack list --protocol udp',
      'conntrack list --protocol gre',
      'conntrack list --port 80-90',
      'conntrack list --source nowhere',
      'conntrack count',
      'conntrack count --json',
      'conntrack flush',
      'conntrack flush --destination 192.0.2.9 --json',
    ],
  },
  {
    name: 'perf',
    fakes: PERF_FAKES,
    lines: [
      'perf show',
      'perf latency',
      'perf cache',
      'perf traffic',
      'perf traffic --json',
      'perf traffic --count 2 --interval 1s --json',
      'perf latency --json',
      'perf reset',
      'perf traffic --count none',
    ],
  },
  { name: 'no-daemon', lines: ['events tail', 'events top --watch', 'perf traffic --count 3', 'web'] },
  { name: 'perf-narrow', fakes: PERF_FAKES, lines: ['perf latency'], options: { columns: 60 } },
  {
    name: 'events',
    fakes: {
      system: SYSTEM,
      events: {
        verdicts: () => stream(EVENTS),
        top: async () => ({
          window: 60,
          sources: [
            { key: '192.0.2.7', packets: 1200 },
            { key: '2001:db8::7', packets: 30 },
          ],
          ports: [{ key: '22/tcp', packets: 1100 }],
          reasons: [{ key: 'DROP_DENIED_HOST', packets: 1230 }],
        }),
      },
    },
    lines: [
      'events tail',
      'events tail --count 1',
      'events tail --json --count 3',
      'events tail --reason denied_hst',
      'events tail --reason denied-host --verdict drop --source 192.0.2.0/24 --port 22 -n 1',
      'events tail --port 22/tcp',
      'events top',
      'events top --json',
    ],
  },
  {
    name: 'events-nothing',
    fakes: {
      system: SYSTEM,
      events: {
        verdicts: () => stream([]),
        top: async () => ({ window: 60, sources: [], ports: [], reasons: [] }),
      },
    },
    lines: ['events tail', 'events top'],
  },
  {
    name: 'explain',
    fakes: {
      explain: {
        explain: async ({ source, protocol = 'tcp', direction }) => ({
          verdict: direction === 'out' ? 'pass' : 'drop',
          reason: direction === 'out' ? 'PASS_DEFAULT' : 'DROP_DENIED_NETWORK',
          description: direction === 'out' ? 'the default policy is allow' : 'the source network is denied',
          monitored: protocol === 'udp',
          entry:
            direction === 'out'
              ? null
              : {
                  map: 'lock_list',
                  key: '192.0.2.0/24',
                  reason: 'scan',
                  expiresAt: '2026-01-01T13:00:00.000Z',
                  source: 'user',
                },
          stages: [
            { name: 'sanity', outcome: 'continue' },
            { name: 'deny', outcome: 'decided' },
            { name: 'policy', outcome: 'not reached' },
          ],
          records: direction === 'out' ? 'a tcp flow, half open' : null,
          packet: `${protocol} ${source} > 198.51.100.1`,
        }),
      },
    },
    lines: [
      'explain 192.0.2.7',
      'explain 192.0.2.7 --proto udp --dport 53',
      'explain 192.0.2.7 --json',
      'explain 198.51.100.1 192.0.2.9 --out --dport 443',
      'explain 192.0.2.0/24',
      'explain 192.0.2.7 --proto tpc',
      'explain 192.0.2.7 --dport 80-90',
      'explain 192.0.2.7 --fragment middle',
    ],
  },
  {
    name: 'plugins',
    fakes: {
      plugins: {
        load: async (file, slot) => ({ slot, name: 'quota', file, tag: 'a1b2c3d4e5f60718', programId: 42 }),
        remove: async () => {},
        list: async () => [
          { slot: 2, name: 'quota', file: '/etc/netxfw/plugins/quota.bpf.o', tag: 'a1b2c3d4e5f60718', programId: 42 },
          { slot: 15, name: 'tap', file: null, tag: '0000000000000001', programId: 43 },
        ],
      },
    },
    lines: [
      'plugin load /etc/netxfw/plugins/quota.bpf.o 2',
      'plugin load /etc/netxfw/plugins/quota.bpf.o 2 --json',
      'plugin load /etc/netxfw/plugins/quota.bpf.o 16',
      'plugin load /etc/netxfw/plugins/quota.bpf.o',
      'plugin remove 2',
      'plugin remove two',
      'plugin list',
      'plugin list --json',
    ],
  },
];
