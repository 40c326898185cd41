import { type Feature, type FeatureAnswer, isAtLeast, parseKernelVersion } from '../../ebpf/index.ts';
import type { Diagnosis } from '../../model/diagnosis.ts';
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

const WAY_AROUND: Partial<Record<Feature, string>> = {
  xdpFrags: 'frames of several pages are judged in generic mode',
  tcx: 'outgoing packets are seen through the older clsact hook',
};

export function kernelFindings(facts: KernelFacts): Diagnosis[] {
  return [root(facts), version(facts), library(facts), ...features(facts), btf(facts), jit(facts), ...programs(facts)];
}

function root({ root: is }: KernelFacts): Diagnosis {
  if (is) return ok('rights', 'programs can be loaded');
  return problem('rights', 'loading programs needs root, or CAP_BPF and CAP_NET_ADMIN', 'sudo netxfw system doctor');
}

function version({ release }: KernelFacts): Diagnosis {
  if (isAtLeast(parseKernelVersion(release), OLDEST_KERNEL)) return ok('kernel', release);
  return problem('kernel', `${release} is older than ${OLDEST_KERNEL}`, `install a kernel from ${OLDEST_KERNEL} on`);
}

function library({ library: why }: KernelFacts): Diagnosis {
  return why === null ? ok('libbpf', 'found') : problem('libbpf', why, 'apt-get install libbpf1');
}

function features({ features: answers }: KernelFacts): Diagnosis[] {
  const missing = answers.filter(({ supported }) => supported !== true).map(missingFeature);
  if (answers.length === 0 || missing.length === answers.length) return missing;
  const present = answers.filter(({ supported }) => supported).map(({ feature }) => feature);
  return [ok('features', present.join(', ')), ...missing];
}

function missingFeature({ feature, supported, minKernel, reason }: FeatureAnswer): Diagnosis {
  const around = WAY_AROUND[feature];
  if (around !== undefined) return note('features', `${feature}: ${reason}; ${around}`);
  if (supported === undefined || !REQUIRED.has(feature)) return note('features', `${feature}: ${reason}`);
  return problem('features', `${feature}: ${reason}`, `install a kernel from ${minKernel} on`);
}

function btf({ btf: there }: KernelFacts): Diagnosis {
  if (there) return ok('BTF', '/sys/kernel/btf/vmlinux');
  return problem('BTF', 'there is no /sys/kernel/btf/vmlinux', 'install a kernel with CONFIG_DEBUG_INFO_BTF=y');
}

function jit({ jit: value }: KernelFacts): Diagnosis {
  if (value === '1' || value === '2') return ok('JIT', 'programs run as machine code');
  if (value === null) return note('JIT', 'net.core.bpf_jit_enable is not there: could not tell');
  return note('JIT', 'programs are interpreted, which is many times slower', 'sysctl -w net.core.bpf_jit_enable=1');
}

function programs({ objects, clang }: KernelFacts): Diagnosis[] {
  const built = objects === null ? ok('programs', 'compiled') : problem('programs', objects, 'npm run build:bpf');
  if (clang) return [built, ok('clang', 'found; only building needs it')];
  return [built, ok('clang', 'absent; only building needs it')];
}
