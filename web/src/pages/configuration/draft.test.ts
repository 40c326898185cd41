import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readDraft, writeKey, writeRow } from './draft.ts';
import { configSections } from './fields.ts';

const FILE = `# the office firewall
base:
  default_deny: false # soon
  interfaces: [eth0]
web:
`;

describe('a key set in the form', () => {
  it('leaves every comment and line that it does not concern', () => {
    expect(writeKey(FILE, ['base', 'default_deny'], true)).toBe(FILE.replace('false #', 'true #'));
  });

  it.each([
    ['in a file without it', FILE, ['events', 'drops_per_second'], 7],
    ['in an empty file', '', ['rate_limit', 'syn_limit', 'enabled'], true],
    ['in a section without keys', FILE, ['web', 'port'], 8080],
    ['that is a list', FILE, ['base', 'failsafe_ports'], [22, 2222]],
    ['at the top', FILE, ['mode'], 'monitor'],
  ])('is there afterwards: %s', (_name, yaml, path, value) => {
    const written = parse(writeKey(yaml, path, value)) as unknown;
    expect(path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], written)).toEqual(value);
  });
});

it('a text that cannot be read has no form', () => {
  expect(readDraft('base: [')).toBeNull();
  expect(readDraft('')).toEqual({});
});

it('the form has every key of the schema, each with its kind', () => {
  const fields = configSections().flatMap((section) => section.fields);
  const kinds = Object.fromEntries(fields.map(({ key, kind }) => [key, kind.type]));
  expect(kinds).toMatchObject({
    mode: 'choice',
    'base.default_deny': 'flag',
    'base.failsafe_ports': 'items',
    'base.icmp_rate': 'number',
    'conntrack.tcp_timeout': 'text',
    'rate_limit.syn_limit.enabled': 'flag',
    'rate_limit.rules': 'rows',
    'port.ip_port_rules': 'rows',
    'port.allowed_ports': 'items',
    'feeds.lists': 'rows',
    'log_engine.rules': 'entries',
    plugins: 'entries',
    'api.tls.cert': 'text',
    whitelist: 'items',
  });
});

describe('a row changed in the form', () => {
  const RULES = `port:
  ip_port_rules:
    # the office
    - { ip: 192.0.2.0/24, port: 5432, action: allow } # database
    - { ip: 0.0.0.0/0, port: 23, action: deny }
whitelist: [ 192.0.2.1, 2001:db8::/48 ] # us
`;
  const path = ['port', 'ip_port_rules'];
  const row = { ip: '198.51.100.0/24', port: 80, action: 'deny' };
  const line = '{ ip: 198.51.100.0/24, port: 80, action: deny }';

  it('leaves the other rows and all comments as they are', () => {
    expect(writeRow(RULES, path, [], { kind: 'add', row })).toBe(
      RULES.replace('\nwhitelist', `\n    - ${line}\nwhitelist`),
    );
    const changed = RULES.replace('{ ip: 192.0.2.0/24, port: 5432, action: allow }', line);
    expect(writeRow(RULES, path, [], { kind: 'change', at: 0, row })).toBe(changed);
    const removed = RULES.replace('    - { ip: 0.0.0.0/0, port: 23, action: deny }\n', '');
    expect(writeRow(RULES, path, [], { kind: 'remove', at: 1 })).toBe(removed);
    const listed = RULES.replace('2001:db8::/48 ]', '2001:db8::/48, 203.0.113.9 ]');
    expect(writeRow(RULES, ['whitelist'], [], { kind: 'add', row: '203.0.113.9' })).toBe(listed);
  });

  it('begins with what holds where the file says nothing', () => {
    const yaml = 'base:\n  default_deny: true\n';
    const ports = ['base', 'failsafe_ports'];
    expect(parse(writeRow(yaml, ports, [22], { kind: 'add', row: 2222 })).base.failsafe_ports).toEqual([22, 2222]);
    expect(parse(writeRow(yaml, ports, [22], { kind: 'remove', at: 0 })).base.failsafe_ports).toEqual([]);
    const unpadded = line.replace('{ ', '{').replace(' }', '}');
    expect(writeRow(yaml, path, [], { kind: 'add', row })).toBe(`${yaml}port:\n  ip_port_rules:\n    - ${unpadded}\n`);
  });

  it('leaves an empty list behind the last one', () => {
    let text = RULES;
    for (const at of [1, 0]) text = writeRow(text, path, [], { kind: 'remove', at });
    expect(parse(text).port.ip_port_rules).toEqual([]);
    expect(parse(writeRow(text, path, [], { kind: 'add', row })).port.ip_port_rules).toEqual([row]);
  });
});
