import { type Feature, type FeatureAnswer, isAtLeast, parseKernelVersion } from '../../ebpf/index.ts';
import type { Diagnosis } from '../../model/diagnosis.ts';
import { say } from '../../model/messages.ts';
import type { KernelFacts } from './facts.ts';
import { note, ok, problem } from './findings.ts';

export const OLDEST_KERNEL = '5.15';

/** Features without which the filter cannot be loaded; the others have a way around. */
const REQUIRED: ReadonlySet<Feature> = new Set<Feature>([
  'btf',
  'xdp',
  'mmapableArray',
  'batch',
  'ringBuffer',
  'xdpLink',
  'cmpxchg',
]);

const WAY_AROUND = { xdpFrags: 'doctor.xdpFragsAround', tcx: 'doctor.tcxAround' } as const;

export function kernelFindings(facts: KernelFacts): Diagnosis[] {
  return [root(facts), version(facts), library(facts), ...features(facts), btf(facts), jit(facts), ...programs(facts)];
}

function root({ root: is }: KernelFacts): Diagnosis {
  if (is) return ok('rights', say('doctor.rights.ok'));
  return problem('rights', say('doctor.rights'), 'sudo netxfw system doctor');
}

function version({ release }: KernelFacts): Diagnosis {
  if (isAtLeast(parseKernelVersion(release), OLDEST_KERNEL)) return ok('kernel', release);
  return problem(
    'kernel',
    say('doctor.kernel', { release, oldest: OLDEST_KERNEL }),
    say('doctor.kernel.do', { oldest: OLDEST_KERNEL }),
  );
}

function library({ library: why }: KernelFacts): Diagnosis {
  return why === null ? ok('libbpf', say('doctor.found')) : problem('libbpf', why, 'apt-get install libbpf1');
}

function features({ features: answers }: KernelFacts): Diagnosis[] {
  const missing = answers.filter(({ supported }) => supported !== true).map(missingFeature);
  if (answers.length === 0 || missing.length === answers.length) return missing;
  const present = answers.filter(({ supported }) => supported).map(({ feature }) => feature);
  return [ok('features', present.join(', ')), ...missing];
}

function missingFeature({ feature, supported, minKernel, reason }: FeatureAnswer): Diagnosis {
  const around = feature === 'xdpFrags' || feature === 'tcx' ? WAY_AROUND[feature] : undefined;
  if (around !== undefined) return note('features', say('pair', { what: feature, why: say(around, { reason }) }));
  const message = say('pair', { what: feature, why: reason });
  if (supported === undefined || !REQUIRED.has(feature)) return note('features', message);
  return problem('features', message, say('doctor.kernel.do', { oldest: minKernel }));
}

function btf({ btf: there }: KernelFacts): Diagnosis {
  if (there) return ok('BTF', '/sys/kernel/btf/vmlinux');
  return problem('BTF', say('doctor.btf'), say('doctor.btf.do'));
}

function jit({ jit: value }: KernelFacts): Diagnosis {
  if (value === '1' || value === '2') return ok('JIT', say('doctor.jit.ok'));
  if (value === null) return note('JIT', say('doctor.jit.unknown'));
  return note('JIT', say('doctor.jit'), 'sysctl -w net.core.bpf_jit_enable=1');
}

function programs({ objects, clang }: KernelFacts): Diagnosis[] {
  const built =
    objects === null ? ok('programs', say('doctor.compiled')) : problem('programs', objects, 'npm run build:bpf');
  if (clang) return [built, ok('clang', say('doctor.clang.found'))];
  return [built, ok('clang', say('doctor.clang.absent'))];
}
