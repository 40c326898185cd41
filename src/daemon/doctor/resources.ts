import type { Diagnosis } from '../../model/diagnosis.ts';
import { say } from '../../model/messages.ts';
import type { ListenerFacts, ResourceFacts } from './facts.ts';
import { note, ok, problem } from './findings.ts';

/** A snapshot of the rules and the journal beside it have room in so much. */
const ENOUGH_DISK = 256 * 1024 * 1024;
const MIB = 1024 * 1024;

const mib = (bytes: number): string => `${Math.round(bytes / MIB)} MiB`;

export function resourceFindings(facts: ResourceFacts): Diagnosis[] {
  return [bpffs(facts), lockedMemory(facts), memory(facts), disk(facts)];
}

function bpffs({ bpffs: mounted, pinPath }: ResourceFacts): Diagnosis {
  if (mounted) return ok('bpffs', pinPath);
  return problem('bpffs', say('doctor.bpffs', { path: pinPath }), 'mount -t bpf bpf /sys/fs/bpf');
}

function lockedMemory({ lockedMemory: limit, countsByGroup }: ResourceFacts): Diagnosis {
  if (limit === null) return ok('memlock', say('doctor.memlock.none'));
  if (countsByGroup) return ok('memlock', say('doctor.memlock.unused', { limit: mib(limit) }));
  return problem('memlock', say('doctor.memlock', { limit: mib(limit) }), say('doctor.memlock.do'));
}

function memory({ memory: { available, needed } }: ResourceFacts): Diagnosis {
  const text = say('doctor.memory', { available: mib(available), needed: mib(needed) });
  if (available >= 2 * needed) return ok('memory', text);
  return note('memory', text, say('doctor.memory.do'));
}

function disk({ disk: { path, free, writable } }: ResourceFacts): Diagnosis {
  if (!writable) return problem('disk', say('doctor.disk.readOnly', { path }), say('doctor.disk.readOnly.do'));
  if (free >= ENOUGH_DISK) return ok('disk', say('doctor.disk.ok', { free: mib(free), path }));
  return note('disk', say('doctor.disk', { free: mib(free), path }), say('doctor.disk.do'));
}

export function listenerFindings(listeners: readonly ListenerFacts[]): Diagnosis[] {
  return listeners.map(({ name, address, problem: why }) => {
    if (why === null) return ok('ports', `${name} ${address}`);
    return problem('ports', say('pair', { what: `${name} ${address}`, why }), say('doctor.port.do', { name }));
  });
}
