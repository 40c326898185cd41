import { NetxfwError } from '../model/errors.ts';
import type { OpenPort } from '../model/open-ports.ts';
import type { PortRecord } from '../model/policy-records.ts';
import { formatPorts, type PortRange, parsePorts } from '../model/ports.ts';
import type { ChangeKind } from '../model/rules.ts';
import type { EngineCore } from './core.ts';
import { commitEdit, fromConfig, sourceOf } from './policy-edit.ts';
import { effective } from './policy-state.ts';

/** How messages name the place where these entries are changed. */
const KEY = 'port.allowed_ports in config.yaml';

export function openPort(core: EngineCore, spec: string): { readonly change: ChangeKind; readonly port: OpenPort } {
  const range = parsePorts(spec);
  const key = formatPorts(range);
  const { user, config } = core.policy.ports;
  const old = config.get(key) ?? user.get(key);
  if (old !== undefined) return { change: 'unchanged', port: viewOf(core, old) };
  const now = core.now();
  const record: PortRecord = { ...range, createdAt: now - (now % 1000) };
  commitEdit(core, 'ports', { put: [record] });
  return { change: 'added', port: viewOf(core, record) };
}

export function closePort(core: EngineCore, spec: string): void {
  const range = parsePorts(spec);
  const key = formatPorts(range);
  const { user, config } = core.policy.ports;
  if (config.has(key)) throw fromConfig(`port ${key}`, KEY);
  if (!user.has(key)) throw notOpen(core, key, range);
  commitEdit(core, 'ports', { remove: [key] });
}

export function listPorts(core: EngineCore): OpenPort[] {
  return effective(core.policy, 'ports').map((record) => viewOf(core, record));
}

function viewOf(core: EngineCore, record: PortRecord): OpenPort {
  return {
    ports: formatPorts({ ...record, protocol: 'any' }),
    protocol: record.protocol,
    source: sourceOf(core.policy.ports, formatPorts(record)),
    createdAt: new Date(record.createdAt).toISOString(),
  };
}

function notOpen(core: EngineCore, key: string, { from, to }: PortRange): NetxfwError {
  const over = effective(core.policy, 'ports').find((one) => one.from <= from && to <= one.to);
  const hint =
    over === undefined
      ? 'List what is open with `netxfw port list`.'
      : `${formatPorts(over)} is open and covers it: close that one.`;
  return new NetxfwError('NOT_FOUND', `${key} is not open by an entry of its own`, { hint });
}
