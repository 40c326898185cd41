import { NetxfwError } from '../model/errors.ts';
import type { OpenPort, PortEdit } from '../model/open-ports.ts';
import type { PortRecord } from '../model/policy-records.ts';
import { formatPorts, type PortRange, parsePorts } from '../model/ports.ts';
import type { ChangeKind } from '../model/rules.ts';
import type { EngineCore } from './core.ts';
import { commitEdit, fromConfig, sourceOf } from './policy-edit.ts';
import { effective } from './policy-state.ts';

/** How messages name the place where these entries are changed. */
const KEY = 'port.allowed_ports in config.yaml';

export interface PortChange {
  readonly change: ChangeKind;
  readonly port: OpenPort;
}

/** Closes and opens ports as one change. @returns what became of each that was to be opened */
export function editPorts(core: EngineCore, { open, close }: PortEdit): PortChange[] {
  const remove = close.map((spec) => keyToClose(core, spec));
  const now = core.now();
  const createdAt = now - (now % 1000);
  const put = new Map<string, PortRecord>();
  const opened = open.map((spec): PortChange => {
    const record = { ...parsePorts(spec), createdAt };
    const key = formatPorts(record);
    const old = remove.includes(key) ? undefined : openedBy(core, key);
    if (old === undefined && !put.has(key)) {
      put.set(key, record);
      return { change: 'added', port: viewOf(core, record) };
    }
    return { change: 'unchanged', port: viewOf(core, old ?? record) };
  });
  if (put.size + remove.length > 0) commitEdit(core, 'ports', { put: [...put.values()], remove });
  return opened;
}

function openedBy({ policy }: EngineCore, key: string): PortRecord | undefined {
  return policy.ports.config.get(key) ?? policy.ports.user.get(key);
}

function keyToClose(core: EngineCore, spec: string): string {
  const range = parsePorts(spec);
  const key = formatPorts(range);
  const { user, config } = core.policy.ports;
  if (config.has(key)) throw fromConfig(`port ${key}`, KEY);
  if (!user.has(key)) throw notOpen(core, key, range);
  return key;
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
