import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readDraft, writeKey } from './draft.ts';
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
    'rate_limit.rules': 'entries',
    'api.tls.cert': 'text',
    whitelist: 'items',
  });
});
