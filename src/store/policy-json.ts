/** Limits, open ports and ip+port rules as they stand in rules.json and rules.journal. */
import { MAX_REASON_BYTES } from '../model/entries.ts';
import {
  NO_RECORDS,
  POLICY_KINDS,
  type PolicyKind,
  type PolicyRecord,
  type PolicyRecords,
} from '../model/policy-records.ts';
import { formatPorts, parsePorts } from '../model/ports.ts';
import { formatPrefix, parsePrefix } from '../model/prefixes.ts';

type Json = Readonly<Record<string, unknown>>;
interface Codec<Kind extends PolicyKind> {
  /** Its name in files. */
  readonly name: string;
  write(record: PolicyRecord[Kind]): Json;
  /** @throws Error saying what is wrong */
  read(json: Json): PolicyRecord[Kind];
}

const CODECS: { readonly [Kind in PolicyKind]: Codec<Kind> } = {
  limits: {
    name: 'limits',
    write: ({ prefix, rate, burst, createdAt }) => ({
      prefix: formatPrefix(prefix),
      rate,
      burst,
      created: timeText(createdAt),
    }),
    read: (json) => ({
      prefix: parsePrefix(textIn(json, 'prefix')).prefix,
      rate: countIn(json, 'rate'),
      burst: countIn(json, 'burst'),
      createdAt: timeIn(json),
    }),
  },
  ports: {
    name: 'ports',
    write: (range) => ({ ports: formatPorts(range), created: timeText(range.createdAt) }),
    read: (json) => ({ ...parsePorts(textIn(json, 'ports')), createdAt: timeIn(json) }),
  },
  ipPortRules: {
    name: 'ip_port_rules',
    write: (rule) => ({
      prefix: formatPrefix(rule.prefix),
      ports: formatPorts(rule),
      action: rule.action,
      reason: rule.reason,
      created: timeText(rule.createdAt),
    }),
    read: (json) => ({
      prefix: parsePrefix(textIn(json, 'prefix')).prefix,
      ...parsePorts(textIn(json, 'ports')),
      action: actionIn(json),
      reason: reasonIn(json),
      createdAt: timeIn(json),
    }),
  },
};

/** The kind that has this name in files. @throws Error for a name that none has */
export function kindNamed(name: unknown): PolicyKind {
  const kind = POLICY_KINDS.find((one) => CODECS[one].name === name);
  if (kind === undefined) throw new Error(`"${name}" is neither a list nor ${POLICY_KINDS.map(nameOf).join(', ')}`);
  return kind;
}

export function nameOf(kind: PolicyKind): string {
  return CODECS[kind].name;
}

export function writeRecords<Kind extends PolicyKind>(kind: Kind, records: readonly PolicyRecord[Kind][]): Json[] {
  return records.map((record) => CODECS[kind].write(record));
}

/** @throws Error saying which of them is wrong and why */
export function readRecords<Kind extends PolicyKind>(kind: Kind, values: unknown): PolicyRecord[Kind][] {
  if (!Array.isArray(values)) throw new Error(`"${nameOf(kind)}" must be a list`);
  return values.map((value, i) => {
    try {
      if (typeof value !== 'object' || value === null) throw new Error('must be an object');
      return CODECS[kind].read(value as Json);
    } catch (error) {
      throw new Error(`${nameOf(kind)}[${i}]: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
}

/** The sections of a document; one that is missing is empty. */
export function readPolicy(document: Json): PolicyRecords {
  return {
    ...NO_RECORDS,
    limits: readRecords('limits', document[nameOf('limits')] ?? []),
    ports: readRecords('ports', document[nameOf('ports')] ?? []),
    ipPortRules: readRecords('ipPortRules', document[nameOf('ipPortRules')] ?? []),
  };
}

/** The sections of a document. */
export function sectionsOf(policy: PolicyRecords): Readonly<Record<string, readonly Json[]>> {
  return Object.fromEntries(POLICY_KINDS.map((kind) => [nameOf(kind), writeRecords(kind, policy[kind])]));
}

/** The sections as text for the end of a document, one record a line: `,\n"limits":[...]`. */
export function* encodePolicy(policy: PolicyRecords): Generator<string> {
  for (const kind of POLICY_KINDS) {
    const lines = writeRecords(kind, policy[kind]).map((record) => JSON.stringify(record));
    yield `,\n"${nameOf(kind)}":[${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n`}]`;
  }
}

const timeText = (time: number): string => new Date(time).toISOString();

function textIn(json: Json, key: string): string {
  const value = json[key];
  if (typeof value !== 'string') throw new Error(`"${key}" must be text`);
  return value;
}

function countIn(json: Json, key: string): number {
  const value = json[key];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1) {
    throw new Error(`"${key}" must be a whole number above 0`);
  }
  return value;
}

function timeIn(json: Json): number {
  const time = Date.parse(textIn(json, 'created'));
  if (Number.isNaN(time)) throw new Error('"created" must be an ISO 8601 time');
  return time;
}

function actionIn(json: Json): 'allow' | 'deny' {
  const { action } = json;
  if (action !== 'allow' && action !== 'deny') throw new Error('"action" must be allow or deny');
  return action;
}

function reasonIn(json: Json): string {
  const reason = textIn(json, 'reason');
  if (Buffer.byteLength(reason) > MAX_REASON_BYTES) throw new Error(`"reason" is over ${MAX_REASON_BYTES} bytes`);
  return reason;
}
