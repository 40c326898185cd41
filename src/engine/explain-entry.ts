import type { ExplainRecord } from '../dataplane/dataplane.ts';
import type { ExplainEntry } from '../model/explain.ts';
import { keyOfRecord } from '../model/policy-records.ts';
import { formatPorts } from '../model/ports.ts';
import { formatPrefix, samePrefix } from '../model/prefixes.ts';
import { PROTOCOLS } from '../model/protocols.ts';
import type { PacketPlan } from './frame.ts';
import { packetInWords } from './packet-words.ts';
import { sourceOf } from './policy-edit.ts';
import { effective, type PolicyState } from './policy-state.ts';
import { CONFIG_SOURCE, type RulesTable } from './table.ts';

/** Where entries are known by more than the kernel keeps of them. */
export interface EntryTables {
  readonly table: RulesTable;
  /** Limits, open ports and ip+port rules. */
  readonly policy: PolicyState;
}

/** The entry that decided, with what the engine knows of it; null when none did. */
export function entryOf(parts: EntryTables, record: ExplainRecord, plan: PacketPlan): ExplainEntry | null {
  const { map } = record;
  if (map === null) return null;
  const known = listed(parts.table, record) ?? decreed(parts.policy, record, plan) ?? {};
  const expiresAt = known.expiresAt ?? record.expiresAt;
  return {
    map,
    key: known.key ?? (record.prefix === null ? keyOf(map, plan) : formatPrefix(record.prefix)),
    reason: known.reason ?? record.text,
    expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
    source: known.source ?? null,
  };
}

/** What the engine knows of an entry and the kernel does not. */
interface Known {
  readonly key?: string;
  readonly reason?: string;
  readonly expiresAt?: number | null;
  readonly source?: string;
}

const LISTS: Readonly<Record<string, 'allow' | 'deny'>> = {
  whitelist: 'allow',
  lock_list: 'deny',
  lock_hosts: 'deny',
};

/** Of the static lists. */
function listed(table: RulesTable, { map, prefix }: ExplainRecord): Known | undefined {
  const list = LISTS[map ?? ''];
  return list === undefined || prefix === null ? undefined : table[list].get(prefix);
}

/** Of limits, open ports and ip+port rules. */
function decreed(policy: PolicyState, { map, prefix, rule }: ExplainRecord, plan: PacketPlan): Known | undefined {
  if (rule !== null) {
    const key = `${formatPrefix(rule.prefix)} port ${formatPorts(rule)}: ${rule.action}`;
    const name = keyOfRecord.ipPortRules({ ...rule, createdAt: 0 });
    return { key, reason: rule.reason, source: sourceOf(policy.ipPortRules, name) };
  }
  if (map === 'rate_limit' && prefix !== null) {
    const limit = effective(policy, 'limits').find((one) => samePrefix(one.prefix, prefix));
    if (limit === undefined) return undefined;
    const key = `${formatPrefix(prefix)}: ${limit.rate}/s, burst ${limit.burst}`;
    return { key, source: sourceOf(policy.limits, keyOfRecord.limits(limit)) };
  }
  if (map !== 'allowed_ports') return undefined;
  const protocol = plan.protocol === PROTOCOLS.udp ? 'udp' : 'tcp';
  const port = effective(policy, 'ports').find(
    (one) =>
      one.from <= plan.destinationPort &&
      plan.destinationPort <= one.to &&
      (one.protocol === 'any' || one.protocol === protocol),
  );
  if (port !== undefined) return { key: formatPorts(port), source: sourceOf(policy.ports, keyOfRecord.ports(port)) };
  return { key: `${plan.destinationPort}/${protocol}`, source: CONFIG_SOURCE };
}

/** Of maps that are not keyed by prefix. */
function keyOf(map: string, plan: PacketPlan): string {
  // A flow is keyed as this host sent it.
  if (map === 'ct_map') return packetInWords(sentFor(plan), { ends: true });
  return `${formatPrefix(plan.source)} -> ${formatPrefix(plan.destination)}`;
}

const sentFor = (plan: PacketPlan): PacketPlan => ({
  ...plan,
  source: plan.destination,
  destination: plan.source,
  sourcePort: plan.destinationPort,
  destinationPort: plan.sourcePort,
});
