import type { JsonSchema } from '../../../src/reference/openapi.ts';
import type { Random } from './random.ts';

/** What makes sense under a name that a schema calls just a string. */
const SENSIBLE: Readonly<Record<string, readonly string[]>> = {
  prefix: ['192.0.2.1', '192.0.2.0/24', '2001:db8::/64', '2001:db8::1', '10.0.0.0/8', '198.51.100.7'],
  address: ['192.0.2.1', '2001:db8::1', '198.51.100.7'],
  source: ['192.0.2.1', '2001:db8::1', 'feed:a'],
  destination: ['198.51.100.1', '2001:db8::2'],
  spec: ['80', '443/tcp', '8080-8090', '53/udp'],
  ports: ['80', '443', '8080-8090'],
  name: ['alice', 'bob', 'list.txt'],
  yaml: ['mode: monitor\n', 'base:\n  default_deny: true\n', 'nonsense: 1\n'],
  protocol: ['tcp', 'udp', 'icmp', '47'],
  flags: ['S', 'SA', 'PA', ''],
  file: ['/nonexistent.bpf.o'],
  id: ['a', 'feed:a'],
  feed: ['a'],
};

const HOSTILE_TEXT = [
  '',
  ' ',
  '\u0000',
  '../../../etc/passwd',
  '%2e%2e%2f',
  '::',
  '0.0.0.0/0',
  '1.2.3.4/33',
  '999.1.1.1',
  '::ffff:1.2.3.4/97',
  '__proto__',
  'constructor',
  '{{7*7}}',
  "'; DROP TABLE rules; --",
  '<script>alert(1)</script>',
  '\r\nx-injected: 1',
  '\u202e\u0000\uffff',
  '\ud800',
  'a'.repeat(5000),
  '9'.repeat(400),
  '1e999',
  '-1',
  'NaN',
] as const;

const HOSTILE_VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1e308,
  -1e308,
  2 ** 53,
  0.1,
  [],
  {},
  [[[[[[]]]]]],
  { toString: 1 },
  [null],
];

export function hostileText(random: Random): string {
  return random.chance(0.7) ? random.pick(HOSTILE_TEXT) : random.text(60);
}

export function hostileValue(random: Random): unknown {
  return random.chance(0.5) ? random.pick(HOSTILE_VALUES) : hostileText(random);
}

/**
 * A value that fits the schema, or nearly: each part is replaced by something hostile with the given chance.
 * @param name of the field, for what the schema does not say
 */
export function valueFor(schema: JsonSchema, random: Random, wrong: number, name = ''): unknown {
  if (random.chance(wrong)) return hostileValue(random);
  const { enum: values, anyOf, oneOf, type, items, properties, required = [], additionalProperties } = schema;
  if ('const' in schema) return schema.const;
  if (values !== undefined) return random.pick(values);
  const union = anyOf ?? oneOf;
  if (union !== undefined) return valueFor(random.pick(union), random, wrong, name);
  switch (Array.isArray(type) ? random.pick(type) : type) {
    case 'boolean':
      return random.chance(0.5);
    case 'integer':
    case 'number':
      return numberFor(schema, random);
    case 'string':
      return random.pick(SENSIBLE[name] ?? ['word', 'ssh scan', 'x']);
    case 'array':
      return Array.from({ length: random.integer(0, 4) }, () => valueFor(items ?? {}, random, wrong, name));
    case 'null':
      return null;
  }
  const fields = Object.entries(properties ?? {}).filter(([key]) => required.includes(key) || random.chance(0.5));
  const entries = fields.map(([key, inner]): [string, unknown] => [key, valueFor(inner, random, wrong, key)]);
  if (typeof additionalProperties === 'object') entries.push(['base.default_deny', true]);
  if (random.chance(wrong)) entries.push([hostileText(random), hostileValue(random)]);
  return Object.fromEntries(entries);
}

function numberFor({ minimum = 0, maximum = 100_000 }: JsonSchema, random: Random): number {
  return random.chance(0.2)
    ? random.pick([minimum, maximum])
    : random.integer(minimum, Math.min(maximum, minimum + 3600));
}
