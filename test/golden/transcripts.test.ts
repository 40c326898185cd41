import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host, StartReport } from '../../src/cli/host.ts';
import type { SystemStatus } from '../../src/model/status.ts';
import { Cli, type RunOptions } from './cli.ts';

interface Scenario {
  readonly name: string;
  /** Run before, without being recorded. */
  readonly given?: readonly string[];
  readonly lines: readonly string[];
  readonly options?: RunOptions;
  readonly host?: Partial<Host>;
  /** Milliseconds between what was given and what is recorded. */
  readonly later?: number;
  readonly traffic?: readonly (readonly [source: string, bytes: number])[];
}

const ATTACHED = [
  { interface: 'eth0', ifindex: 2, mode: 'native', note: null },
  {
    interface: 'eth1',
    ifindex: 3,
    mode: 'generic',
    note: 'native refused by virtio_net: Too few free TX rings available; ethtool -L eth1 combined 2',
  },
] as const;

const STATUS: SystemStatus = {
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
  warnings: ['eth1 runs in generic mode, which is slower than native'],
};

const STARTED: StartReport = {
  attachments: ATTACHED,
  adopted: true,
  reconciled: { added: 2, removed: 1 },
  notices: [],
  status: STATUS,
};

const HOST: Partial<Host> = {
  load: async ({ interfaces }) => {
    const attachments = ATTACHED.filter(({ interface: name }) => interfaces.length === 0 || interfaces.includes(name));
    return { ...STARTED, adopted: false, attachments, status: { ...STATUS, attachments, warnings: [] } };
  },
  unload: async ({ onNotice }) => {
    onNotice('stopping the daemon (process 4711)');
    return { detached: ['eth0', 'eth1'] };
  },
  daemon: async ({ onReady }) => {
    onReady({ ...STARTED, listeners: [{ name: 'socket', address: '/run/netxfw/netxfw.sock' }] });
  },
};

const LISTED = [
  "deny 192.0.2.1 --ttl 1h --reason 'ssh scan'",
  'deny 192.0.2.128/25 2001:db8:bad::/48',
  "allow 198.51.100.7 --reason '\u0441\u0432\u043e\u0439 office \u529e\u516c\u5ba4'",
  "dynamic add 192.0.2.77 --ttl 10m --reason 'login failures'",
];

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'allow-deny',
    lines: [
      'deny 192.0.2.1',
      'deny 192.0.2.1',
      'deny 192.0.2.1 --ttl 1h --reason scan',
      'deny 192.0.2.0/24 2001:db8::/32 --ttl 90m',
      'deny 192.0.2.9/24',
      'block 203.0.113.9',
      'allow 192.0.2.1',
      'rule add allow 2001:db8::1',
      'deny 192.0.2.2 -q',
      'deny 192.0.2.3 --ttl 1d --json',
    ],
  },
  {
    name: 'remove',
    given: [...LISTED, 'deny 198.51.100.7'],
    lines: [
      'del 192.0.2.1',
      'del 192.0.2.1',
      'del 192.0.2.129',
      'del 198.51.100.7 --list deny',
      'rule remove 198.51.100.7 --json',
      'del 203.0.113.0/24',
      'unblock 192.0.2.77',
      'unblock 192.0.2.128/25 --json',
      'unblock 192.0.2.128/25',
    ],
  },
  {
    name: 'list',
    given: LISTED,
    later: 60_000,
    lines: [
      'list',
      'list allow',
      'rule list deny --search 192.0.2',
      'list --sort created --reverse --limit 2',
      'list --limit 2 --page 2',
      'list --search nothing',
      'list dynamic',
      'list dynamic --search 192.0.2.1',
      'dyn list',
    ],
  },
  { name: 'list-json', given: LISTED, lines: ['list --json', 'list --search nothing --json', 'list dynamic --json'] },
  { name: 'list-terminal', given: LISTED, lines: ['list', 'list --no-color'], options: { columns: 60 } },
  { name: 'list-narrow', given: LISTED, lines: ['list'], options: { columns: 34, variables: { NO_COLOR: '1' } } },
  {
    name: 'dynamic',
    lines: [
      'dynamic add 192.0.2.1 --ttl 10m',
      'dyn add 2001:db8::/64 --reason burst --json',
      'dynamic add 192.0.2.0/24',
      'dynamic del 192.0.2.1',
      'dynamic del 192.0.2.1',
      'dynamic list',
      'dynamic clear',
      'dynamic clear --json',
    ],
  },
  {
    name: 'match',
    given: [...LISTED, 'allow 192.0.2.200'],
    lines: ['match 192.0.2.200', 'match 192.0.2.77', 'match 8.8.8.8', 'match 192.0.2.1 --json', 'match 192.0.2.0/24'],
  },
  {
    name: 'stats',
    given: ['deny 192.0.2.0/24', 'deny 198.51.100.1'],
    traffic: [
      ['192.0.2.9', 1500],
      ['192.0.2.9', 60],
      ['198.51.100.1', 60],
      ['203.0.113.1', 3000],
    ],
    lines: ['stats', 'stats --json', 'status', 'system status --json'],
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
    ],
  },
  {
    name: 'usage-errors',
    lines: [
      'deny',
      'deny 1.2.3.4/33',
      'deny 1.2.3',
      'deny 192.0.2.1 bad 192.0.2.2',
      'deny 192.0.2.1 --ttl 5x',
      'deny 192.0.2.1 --ttl',
      'deny 192.0.2.1 --ttl --reason x',
      'deny 192.0.2.1 --tll 5m',
      'deny 192.0.2.1 --xyzzy',
      'deny 192.0.2.1 -x',
      'deny 192.0.2.1 --quiet=yes',
      'deny -- --ttl',
      'del 192.0.2.1 192.0.2.2',
      'del 192.0.2.1 --list dney',
      'list dney',
      'list --limit many',
      'list --page 0',
      'list --sort size',
      'dney 192.0.2.1',
      'xyzzy',
      'rule',
      'rule imprt deny f',
      'rule xyzzy',
      'match 192.0.2.0/24',
      'completion tcsh',
      'system laod',
      'help xyzzy',
      'deny 1.2.3 --json',
      'system load',
    ],
  },
];

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'netxfw-golden-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const golden = (name: string) => fileURLToPath(new URL(`./files/${name}.txt`, import.meta.url));

describe('what commands print', () => {
  it.each(SCENARIOS)('$name', async ({ name, given = [], lines, options, host, later = 0, traffic = [] }) => {
    await using cli = await Cli.open(host);
    for (const line of given) expect(await cli.transcript([line])).not.toContain('exit code');
    for (const [source, bytes] of traffic) cli.mock.dataplane.receive(source, bytes);
    cli.pass(later);
    await expect(await cli.transcript(lines, options)).toMatchFileSnapshot(golden(name));
  });

  it('status', async () => {
    await using cli = await Cli.open();
    Object.assign(cli.mock, { system: { ...cli.mock.system, status: async () => STATUS } });
    const wide = await cli.transcript(['status']);
    const narrow = await cli.transcript(['status'], { columns: 50 });
    await expect(wide + narrow).toMatchFileSnapshot(golden('status'));
  });

  it('import', async () => {
    await using cli = await Cli.open();
    const files: Record<string, string> = {
      'good.txt': '# a list\n192.0.2.1\n192.0.2.2 ; comment\r\n\n2001:db8::/32\n192.0.2.1\n',
      'bad.txt': '192.0.2.9\n1.2.3.4/33\nhello\n',
      'empty.txt': '# nothing\n',
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
    const lines = [
      'rule import deny good.txt',
      'rule import deny good.txt --ttl 1h --reason feed',
      'rule import allow bad.txt',
      'rule import allow bad.txt --skip-invalid',
      'rule import allow bad.txt --json',
      'rule import deny empty.txt --json',
      'rule import deny missing.txt',
      'rule import deny .',
      'rule import deny -',
    ];
    const placed = lines.map((line) => line.replace(/(\S+\.txt|\.)(?= |$)/, (file) => join(directory, file)));
    const text = await cli.transcript(placed, { stdin: '198.51.100.0/24\n' });
    await expect(text.replaceAll(`${directory}/`, '').replaceAll(directory, '.')).toMatchFileSnapshot(golden('import'));
  });

  it('export', async () => {
    await using cli = await Cli.open();
    for (const line of LISTED) await cli.transcript([line]);
    const file = join(directory, 'rules.json');
    const lines = ['rule export', 'rule export --list deny', 'rule export --format text', `rule export -o ${file}`];
    const text = await cli.transcript([...lines, `rule import deny ${file}`, `rule export -o ${file}/x`]);
    await expect(text.replaceAll(`${directory}/`, '')).toMatchFileSnapshot(golden('export'));
  });

  it('leaves no golden file without its scenario', () => {
    const known = [
      ...SCENARIOS.map(({ name }) => name),
      'import',
      'export',
      'status',
      'help',
      'completion-bash',
      'completion-zsh',
      'completion-fish',
    ];
    const found = readdirSync(new URL('./files/', import.meta.url)).map((name) => name.replace(/\..*/, ''));
    expect(found.filter((name) => !known.includes(name))).toEqual([]);
  });
});
