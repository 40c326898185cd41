import type { OpenPorts } from '../dataplane/policy-plane.ts';
import type { Config } from '../model/config.ts';
import {
  keyOfRecord,
  NO_RECORDS,
  POLICY_KINDS,
  type PolicyKind,
  type PolicyRecord,
  type PolicyRecords,
} from '../model/policy-records.ts';
import { parsePorts } from '../model/ports.ts';
import { parsePrefix } from '../model/prefixes.ts';
import type { PolicyEdit } from '../store/store.ts';

type AnyRecord = PolicyRecord[PolicyKind];

/** The parts of a configuration that the engine itself keeps in force. */
export type EngineConfig = Pick<Config, 'whitelist' | 'port' | 'rate_limit' | 'base'>;

/** Records by key. Those of config.yaml hide those of commands, which stay on disk and come back. */
export interface Layers<Kind extends PolicyKind> {
  readonly user: ReadonlyMap<string, PolicyRecord[Kind]>;
  readonly config: ReadonlyMap<string, PolicyRecord[Kind]>;
}

/** Limits, open ports and ip+port rules at one moment; never changed, only replaced. */
export type PolicyState = { readonly [Kind in PolicyKind]: Layers<Kind> } & { readonly failsafe: readonly number[] };

const EMPTY: PolicyState = {
  limits: { user: new Map(), config: new Map() },
  ports: { user: new Map(), config: new Map() },
  ipPortRules: { user: new Map(), config: new Map() },
  failsafe: [],
};

/** What commands have made, without any configuration. */
export function policyOf(records: PolicyRecords): PolicyState {
  return POLICY_KINDS.reduce(
    (state, kind) => edited(state, { kind, put: records[kind], remove: [] } as PolicyEdit),
    EMPTY,
  );
}

/** The state with what a configuration says instead of what another one said. */
export function configured(state: PolicyState, config: EngineConfig, now: number): PolicyState {
  const records = recordsOfConfig(config, now - (now % 1000));
  const next: Record<string, unknown> = { failsafe: config.base.failsafe_ports };
  for (const kind of POLICY_KINDS) {
    const before: ReadonlyMap<string, AnyRecord> = state[kind].config;
    const layer = keyed(kind, records[kind]);
    for (const [key, record] of layer) {
      const old = before.get(key);
      if (old !== undefined && same(old, record)) layer.set(key, old);
    }
    next[kind] = { user: state[kind].user, config: layer };
  }
  return next as PolicyState;
}

/** The state after an edit of what commands have made. */
export function edited(state: PolicyState, { kind, put, remove }: PolicyEdit): PolicyState {
  const user = new Map<string, AnyRecord>(state[kind].user as ReadonlyMap<string, AnyRecord>);
  for (const key of remove) user.delete(key);
  for (const [key, record] of keyed(kind, put)) user.set(key, record);
  return { ...state, [kind]: { user, config: state[kind].config } };
}

const known = new WeakMap<object, readonly AnyRecord[]>();

/** What holds of a kind. */
export function effective<Kind extends PolicyKind>(state: PolicyState, kind: Kind): readonly PolicyRecord[Kind][] {
  const layers: Layers<PolicyKind> = state[kind];
  let records = known.get(layers);
  if (records === undefined) {
    const { user, config } = layers;
    records = [...config.values(), ...[...user].filter(([key]) => !config.has(key)).map(([, record]) => record)];
    known.set(layers, records);
  }
  return records as readonly PolicyRecord[Kind][];
}

export function openPorts(state: PolicyState): OpenPorts {
  return { open: effective(state, 'ports'), failsafe: state.failsafe };
}

/** What belongs on disk. */
export function storedRecords(state: PolicyState): PolicyRecords {
  const { limits, ports, ipPortRules } = state;
  return {
    limits: [...limits.user.values()],
    ports: [...ports.user.values()],
    ipPortRules: [...ipPortRules.user.values()],
  };
}

/** The edits that lead from one state to another, of what commands have made. */
export function editsBetween(before: PolicyState, after: PolicyState): PolicyEdit[] {
  return POLICY_KINDS.flatMap((kind) => {
    const [old, now]: ReadonlyMap<string, AnyRecord>[] = [before[kind].user, after[kind].user];
    if (old === now) return [];
    const put = [...now!].filter(([key, record]) => old!.get(key) !== record).map(([, record]) => record);
    const remove = [...old!.keys()].filter((key) => !now!.has(key));
    return put.length + remove.length === 0 ? [] : [{ kind, put, remove } as PolicyEdit];
  });
}

/** Whether packets could notice a difference. */
export function differs(before: PolicyState, after: PolicyState, kind: PolicyKind): boolean {
  if (kind === 'ports' && before.failsafe.join() !== after.failsafe.join()) return true;
  if (before[kind] === after[kind]) return false;
  const [old, now] = [before, after].map((state) => keyed(kind, effective(state, kind)));
  return old!.size !== now!.size || [...now!].some(([key, record]) => !same(old!.get(key), record));
}

/** Records of both states, the later ones where both have one: a packet meets what it met before or will meet. */
export function union(before: PolicyState, after: PolicyState): PolicyState {
  const both = <Kind extends PolicyKind>(kind: Kind): Layers<Kind> => {
    const config = new Map([...keyed(kind, effective(before, kind)), ...keyed(kind, effective(after, kind))]);
    return { user: new Map(), config: config as unknown as Layers<Kind>['config'] };
  };
  return {
    limits: both('limits'),
    ports: both('ports'),
    ipPortRules: both('ipPortRules'),
    failsafe: [...new Set([...before.failsafe, ...after.failsafe])],
  };
}

function keyed<Kind extends PolicyKind>(kind: Kind, records: readonly AnyRecord[]): Map<string, AnyRecord> {
  const keyOf = keyOfRecord[kind] as (record: AnyRecord) => string;
  return new Map(records.map((record) => [keyOf(record), record]));
}

/** Equal but for the time of making. */
function same(a: AnyRecord | undefined, b: AnyRecord): boolean {
  return a !== undefined && JSON.stringify({ ...a, createdAt: 0 }) === JSON.stringify({ ...b, createdAt: 0 });
}

function recordsOfConfig({ port, rate_limit }: EngineConfig, createdAt: number): PolicyRecords {
  return {
    ...NO_RECORDS,
    limits: rate_limit.rules.map(({ ip, rate, burst }) => ({ prefix: parsePrefix(ip).prefix, rate, burst, createdAt })),
    ports: port.allowed_ports.map((spec) => ({ ...parsePorts(spec), createdAt })),
    ipPortRules: port.ip_port_rules.map(({ ip, port: ports, protocol, action, reason }) => {
      const range = parsePorts(ports);
      return {
        from: range.from,
        to: range.to,
        protocol: range.protocol === 'any' ? protocol : range.protocol,
        prefix: parsePrefix(ip).prefix,
        action,
        reason,
        createdAt,
      };
    }),
  };
}
