import { NetxfwError } from '../model/errors.ts';
import type { IpPortRule, IpPortRuleInput } from '../model/open-ports.ts';
import { type IpPortRecord, keyOfRecord } from '../model/policy-records.ts';
import { formatPorts, type PortProtocol, type PortRange, parsePorts } from '../model/ports.ts';
import { formatPrefix, parsePrefix } from '../model/prefixes.ts';
import type { ChangeKind } from '../model/rules.ts';
import type { EngineCore } from './core.ts';
import { checkReason } from './input.ts';
import { commitEdit, fromConfig, sourceOf } from './policy-edit.ts';
import { effective } from './policy-state.ts';

/** How messages name the place where these entries are changed. */
const KEY = 'port.ip_port_rules in config.yaml';
const PROTOCOLS: readonly PortProtocol[] = ['any', 'tcp', 'udp'];
const keyOf = keyOfRecord.ipPortRules;

export function addIpPortRule(
  core: EngineCore,
  input: IpPortRuleInput,
): { readonly change: ChangeKind; readonly rule: IpPortRule } {
  const range = parseService(input.ports, input.protocol);
  const { action } = input;
  if (action !== 'allow' && action !== 'deny') {
    throw new NetxfwError('INVALID_INPUT', `action: "${action}" must be allow or deny`);
  }
  const now = core.now();
  const wanted = { ...range, prefix: parsePrefix(input.prefix.trim()).prefix, action };
  const key = keyOf({ ...wanted, reason: '', createdAt: 0 });
  const { user, config } = core.policy.ipPortRules;
  const set = config.get(key);
  const old = set ?? user.get(key);
  // Why it was allowed is no reason to deny it.
  const kept = old?.action === action ? old.reason : '';
  const reason = input.reason === undefined ? kept : checkReason(input.reason);
  const same = old?.action === action && old.reason === reason;
  if (same) return { change: 'unchanged', rule: viewOf(core, old) };
  if (set !== undefined) throw fromConfig(`the rule of ${key}`, KEY);
  const record: IpPortRecord = { ...wanted, reason, createdAt: now - (now % 1000) };
  commitEdit(core, 'ipPortRules', { put: [record] });
  return { change: old === undefined ? 'added' : 'replaced', rule: viewOf(core, record) };
}

/** @param protocol left out = whatever protocol the rule is for */
export function removeIpPortRule(core: EngineCore, text: string, ports: string, protocol?: PortProtocol): void {
  const { prefix } = parsePrefix(text.trim());
  const range = parseService(ports, protocol);
  const asked = protocol === undefined && range.protocol === 'any' ? PROTOCOLS : [range.protocol];
  const keys = asked.map((one) => `${formatPrefix(prefix)} ${formatPorts({ ...range, protocol: one })}`);
  const { user, config } = core.policy.ipPortRules;
  const found = keys.filter((key) => user.has(key) && !config.has(key));
  if (found.length > 0) {
    commitEdit(core, 'ipPortRules', { remove: found });
    return;
  }
  const set = keys.find((key) => config.has(key));
  if (set !== undefined) throw fromConfig(`the rule of ${set}`, KEY);
  throw new NetxfwError('NOT_FOUND', `there is no rule of ${keys[0]}`, {
    hint: 'List the rules with `netxfw allow port list` and `netxfw deny port list`.',
  });
}

export function listIpPortRules(core: EngineCore): IpPortRule[] {
  return effective(core.policy, 'ipPortRules').map((record) => viewOf(core, record));
}

function viewOf(core: EngineCore, record: IpPortRecord): IpPortRule {
  const { prefix, protocol, action, reason, createdAt } = record;
  return {
    prefix: formatPrefix(prefix),
    ports: formatPorts({ ...record, protocol: 'any' }),
    protocol,
    action,
    reason,
    source: sourceOf(core.policy.ipPortRules, keyOf(record)),
    createdAt: new Date(createdAt).toISOString(),
  };
}

function parseService(ports: string, protocol: PortProtocol | undefined): PortRange {
  const range = parsePorts(ports);
  if (protocol === undefined || protocol === range.protocol) return range;
  if (!PROTOCOLS.includes(protocol)) {
    throw new NetxfwError('INVALID_INPUT', `protocol: "${protocol}" must be tcp, udp or any`);
  }
  if (range.protocol === 'any') return { ...range, protocol };
  throw new NetxfwError('INVALID_PORT', `"${ports}" is for ${range.protocol}, and ${protocol} was asked for too`);
}
