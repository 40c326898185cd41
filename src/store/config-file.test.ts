import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { defaultConfig } from '../model/config.ts';
import { allKeys, kindAt } from '../model/config-keys.ts';
import { DEFAULT_CONFIG_FILE } from '../model/paths.ts';
import { changeConfig, parseConfig, readConfig } from './config-file.ts';
import { Disk, systemError } from './testing/disk.ts';

const FILE = '/etc/x.yaml';
const shipped = readFileSync(new URL('../../configs/config.yaml', import.meta.url), 'utf8');

function problem(text: string): unknown {
  try {
    parseConfig(text, 'c.yaml');
  } catch (error) {
    return error;
  }
  throw new Error('accepted');
}

describe('the shipped config.yaml', () => {
  it('parses to exactly the defaults', () => {
    expect(parseConfig(shipped, 'config.yaml')).toEqual(defaultConfig());
  });

  it('holds every key, each beneath a comment', () => {
    const document = parseDocument(shipped);
    // The inside of `tls` stands in a comment, because its default is null.
    const keys = allKeys().filter((key) => !key.startsWith('api.tls.'));
    expect(keys.filter((key) => !document.hasIn(key.split('.')))).toEqual([]);
    const lines = shipped.split('\n');
    const bare = keys.filter((key) => {
      if (kindAt(key.split('.')) === 'section') return false;
      const name = key.split('.').at(-1)!;
      const at = lines.findIndex((line) => line.trim().startsWith(`${name}:`));
      // A comment may cover a few keys that belong together.
      return !lines.slice(Math.max(0, at - 6), at).some((line) => line.trim().startsWith('#'));
    });
    expect(bare).toEqual([]);
  });
});

describe('parseConfig', () => {
  it('takes an empty file, empty sections and commented-out content as defaults', () => {
    for (const text of [
      '',
      '# nothing\n',
      'base:\nport:\n  # allowed_ports: [80]\nwhitelist:\nrate_limit:\n  syn_limit:\n',
    ]) {
      expect(parseConfig(text, 'c.yaml')).toEqual(defaultConfig());
    }
  });

  it('refuses aliases that hold themselves, or that unfold to a multiple', () => {
    const levels = 'abcdefghi'.split('').map((name, i, all) => {
      return `${name}: &${name} [${Array(9).fill(i === 0 ? '1' : `*${all[i - 1]}`)}]`;
    });
    for (const text of ['whitelist: &a [*a]', levels.join('\n')]) {
      expect(() => parseConfig(text, 'c.yaml')).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    }
  });

  it('keeps what is written', () => {
    const config = parseConfig(
      'base: { default_deny: true, interfaces: [eth0] }\nport: { allowed_ports: [80, 443/tcp, 8080-8090, "53/udp"] }\n' +
        'whitelist: [192.0.2.0/24, "2001:db8::/32"]\nconntrack: { tcp_timeout: 1h30m }\n',
      'c.yaml',
    );
    expect(config.base).toMatchObject({ default_deny: true, interfaces: ['eth0'], failsafe_ports: [22] });
    expect(config.port.allowed_ports).toEqual([80, '443/tcp', '8080-8090', '53/udp']);
    expect(config.whitelist).toEqual(['192.0.2.0/24', '2001:db8::/32']);
    expect(config.conntrack.tcp_timeout).toBe('1h30m');
  });

  it.each([
    [
      'mode: enforce\nbase:\n  defualt_deny: true\n',
      'c.yaml:3: base.defualt_deny is an unknown key; did you mean "default_deny"?',
    ],
    ['default_deny: true\n', 'c.yaml:1: default_deny is an unknown key; did you mean "base.default_deny"?'],
    ['\n\nnonsense: 1\n', 'c.yaml:3: nonsense is an unknown key'],
    ['mode: on\n', 'c.yaml:1: mode must be enforce or monitor, not "on"'],
    ['base:\n  icmp_rate: fast\n', 'c.yaml:2: base.icmp_rate must be a whole number from 1 to 1000000000, not "fast"'],
    ['base: { drop_fragments: yes }\n', 'c.yaml:1: base.drop_fragments must be true or false, not "yes"'],
    [
      'base:\n  failsafe_ports: [22, 70000]\n',
      'c.yaml:2: base.failsafe_ports[1] must be a whole number from 1 to 65535, not 70000',
    ],
    [
      'conntrack:\n  tcp_timeout: 1 hour\n',
      'c.yaml:2: conntrack.tcp_timeout must be a duration such as 30s, 10m, 1h or 7d, not "1 hour"',
    ],
    [
      'whitelist:\n  - 192.0.2.1\n  - 192.0.2.300\n',
      'c.yaml:3: whitelist[1] must be an address or network such as 192.0.2.1 or 2001:db8::/32, not "192.0.2.300"',
    ],
    ['whitelist: 192.0.2.1\n', 'c.yaml:1: whitelist must be a list, not "192.0.2.1"'],
    ['base: 3\n', 'c.yaml:1: base must be a section, not 3'],
    ['- a\n', 'c.yaml:1: must be a section, not a list'],
    [
      'port:\n  ip_port_rules:\n    - { ip: 192.0.2.1, port: 22 }\n',
      'c.yaml:3: port.ip_port_rules[0].action is missing: it must be allow or deny',
    ],
    [
      'port: { allowed_ports: [0] }\n',
      'c.yaml:1: port.allowed_ports[0] must be a port such as 80, 443/tcp, 8080-8090 or 53/udp, not 0',
    ],
    [
      'base: { allowed_protocols: [gre, nope] }\n',
      'c.yaml:1: base.allowed_protocols[1] must be an IP protocol: a number from 0 to 255 or a name such as gre, not "nope"',
    ],
    ['paths: { state_dir: here }\n', 'c.yaml:1: paths.state_dir must be an absolute path, not "here"'],
    [
      'api: { listen: localhost }\n',
      'c.yaml:1: api.listen must be an IP address such as 127.0.0.1 or ::1, not "localhost"',
    ],
    [
      'base: { interfaces: ["a b"] }\n',
      'c.yaml:1: base.interfaces[0] must be an interface name such as eth0, not "a b"',
    ],
  ])('says of %j what is wrong', (text, message) => {
    expect(problem(text)).toMatchObject({ code: 'CONFIG_INVALID', message });
  });

  it('names the line of a syntax error and of a key that stands twice', () => {
    expect(problem('mode: enforce\nbase: [\n')).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/^c\.yaml:\d+: \S/),
    });
    expect(problem('mode: enforce\nbase: {}\nmode: monitor\n')).toMatchObject({
      message: expect.stringMatching(/^c\.yaml:3: .*unique/i),
    });
  });

  it('lists every problem in order of lines', () => {
    expect(problem('mode: x\nweb:\n  port: -1\n  prot: 2\n')).toMatchObject({
      message: expect.stringMatching(/ \(and 2 more\)$/),
      details: { file: 'c.yaml', problems: [{ line: 1 }, { line: 3, key: 'web.port' }, { line: 4, key: 'web.prot' }] },
    });
  });
});

describe('readConfig', () => {
  it('takes a missing default file as defaults and misses any other', () => {
    const disk = new Disk();
    expect(readConfig(DEFAULT_CONFIG_FILE, disk)).toEqual(defaultConfig());
    expect(() => readConfig(FILE, disk)).toThrow(expect.objectContaining({ code: 'CONFIG_NOT_FOUND' }));
    expect(disk.calls).toBe(0);
  });

  it('refuses what is not text, and what the system does not let it read', () => {
    const disk = new Disk();
    disk.put(FILE, Buffer.from([0xff, 0xfe, 0x00]));
    expect(() => readConfig(FILE, disk)).toThrow(expect.objectContaining({ code: 'FILE_UNREADABLE' }));
    disk.read = () => {
      throw systemError('EACCES');
    };
    expect(() => readConfig(FILE, disk)).toThrow(/EACCES/);
  });
});

describe('changeConfig', () => {
  const text = '# mine\nbase:\n  default_deny: false   # later\n  # ports\n  failsafe_ports: [22]\nmode: monitor\n';

  function change(changes: Record<string, unknown>, before = text): string {
    const disk = new Disk();
    disk.put(FILE, before);
    changeConfig(FILE, changes, disk);
    return disk.text(FILE);
  }

  it('exchanges a value and leaves every other byte', () => {
    expect(change({ 'base.default_deny': true })).toBe(text.replace('default_deny: false', 'default_deny: true'));
    expect(change({ mode: 'enforce' })).toBe(text.replace('monitor', 'enforce'));
  });

  it('keeps comments and order when it changes lists, adds keys and sections', () => {
    const changed = change({ 'base.failsafe_ports': [22, 2222], 'web.port': 8443 });
    expect(changed).toContain('# mine\n');
    expect(changed).toContain('# later\n');
    expect(changed).toContain('  # ports\n  failsafe_ports:');
    expect(changed.indexOf('mode: monitor')).toBeGreaterThan(changed.indexOf('failsafe_ports'));
    const config = parseConfig(changed, 'c.yaml');
    expect(config.base.failsafe_ports).toEqual([22, 2222]);
    expect(config.web.port).toBe(8443);
  });

  it('fills empty sections and files, and removes keys', () => {
    expect(
      parseConfig(change({ 'rate_limit.syn_limit.enabled': true }, 'rate_limit:\n'), 'c').rate_limit.syn_limit.enabled,
    ).toBe(true);
    expect(
      parseConfig(change({ 'logging.path': '/var/log/x y: z.log' }, 'logging:\n  path:\n'), 'c').logging.path,
    ).toBe('/var/log/x y: z.log');
    expect(parseConfig(change({ 'base.default_deny': undefined }), 'c').base.default_deny).toBe(false);
    expect(change({ 'base.default_deny': undefined })).not.toContain('default_deny');
    const disk = new Disk();
    expect(changeConfig(FILE, { mode: 'monitor' }, disk).mode).toBe('monitor');
    expect(disk.text(FILE)).toBe('mode: monitor\n');
  });

  it('changes the shipped file by one line', () => {
    const changed = change({ 'conntrack.tcp_timeout': '2h' }, shipped);
    const before = shipped.split('\n');
    expect(changed.split('\n').filter((line, i) => line !== before[i])).toEqual(['  tcp_timeout: 2h']);
  });

  it('keeps the shipped file’s comments when a list grows', () => {
    const changed = change({ whitelist: ['192.0.2.1'] }, shipped);
    const comments = (from: string) => from.split('\n').filter((line) => line.trim().startsWith('#'));
    expect(comments(changed)).toEqual(comments(shipped));
  });

  it('writes nothing when nothing changes, when the result is invalid, or when the file is broken', () => {
    const disk = new Disk();
    disk.put(FILE, text);
    changeConfig(FILE, { mode: 'monitor' }, disk);
    expect(() => changeConfig(FILE, { mode: 'off' }, disk)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    );
    expect(() => changeConfig(FILE, { 'base.nope': 1 }, disk)).toThrow(/unknown key/);
    disk.put(FILE, 'mode: [\n');
    expect(() => changeConfig(FILE, { mode: 'enforce' }, disk)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    );
    expect(disk.calls).toBe(0);
  });

  it('keeps the old file when writing fails', () => {
    const disk = new Disk();
    disk.put(FILE, text);
    disk.fault = (call) => {
      if (call === 'fsync') throw systemError('ENOSPC');
    };
    expect(() => changeConfig(FILE, { mode: 'enforce' }, disk)).toThrow(
      expect.objectContaining({ code: 'STORE_WRITE_FAILED' }),
    );
    expect(disk.text(FILE)).toBe(text);
    expect([...disk.names.keys()]).toEqual([FILE]);
  });
});
