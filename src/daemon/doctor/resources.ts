import type { Diagnosis } from '../../model/diagnosis.ts';
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
  return problem('bpffs', `${pinPath} is not on a bpf file system`, 'mount -t bpf bpf /sys/fs/bpf');
}

function lockedMemory({ lockedMemory: limit, countsByGroup }: ResourceFacts): Diagnosis {
  if (limit === null) return ok('memlock', 'without limit');
  if (countsByGroup) return ok('memlock', `${mib(limit)}, which this kernel does not apply to BPF`);
  return problem('memlock', `only ${mib(limit)} may be locked`, 'ulimit -l unlimited, or LimitMEMLOCK=infinity');
}

function memory({ memory: { available, needed } }: ResourceFacts): Diagnosis {
  const text = `${mib(available)} available; the tables take ${mib(needed)} when they are full`;
  if (available >= 2 * needed) return ok('memory', text);
  return note('memory', text, 'lower capacity.* in config.yaml, or add memory');
}

function disk({ disk: { path, free, writable } }: ResourceFacts): Diagnosis {
  if (!writable) return problem('disk', `${path} cannot be written`, `check its permissions, and mount it read-write`);
  if (free >= ENOUGH_DISK) return ok('disk', `${mib(free)} free for ${path}`);
  return note('disk', `only ${mib(free)} free for ${path}`, 'make room: a change that cannot be saved is refused');
}

export function listenerFindings(listeners: readonly ListenerFacts[]): Diagnosis[] {
  return listeners.map(({ name, address, problem: why }) => {
    if (why === null) return ok('ports', `${name} ${address}`);
    return problem('ports', `${name} ${address}: ${why}`, `free it, or change ${name}.port in config.yaml`);
  });
}
