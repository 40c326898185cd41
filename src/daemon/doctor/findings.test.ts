import { describe, expect, it } from 'vitest';
import type { FeatureAnswer } from '../../ebpf/index.ts';
import type { Diagnosis } from '../../model/diagnosis.ts';
import type { InterfaceFacts, KernelFacts, ResourceFacts } from './facts.ts';
import { interfaceFindings } from './interfaces.ts';
import { kernelFindings } from './kernel.ts';
import { availableMemory, lockedMemory } from './read-host.ts';
import { listenerFindings, resourceFindings } from './resources.ts';

const answer = (feature: FeatureAnswer['feature'], supported: boolean | undefined = true): FeatureAnswer => ({
  feature,
  supported,
  minKernel: '5.9',
  reason: supported ? 'it is there' : 'it is missing',
});

const KERNEL: KernelFacts = {
  root: true,
  release: '6.1.0-18-amd64',
  library: null,
  features: [answer('xdp'), answer('tcx')],
  btf: true,
  jit: '1',
  objects: null,
  clang: false,
};

const RESOURCES: ResourceFacts = {
  pinPath: '/sys/fs/bpf/netxfw',
  bpffs: true,
  lockedMemory: null,
  countsByGroup: true,
  memory: { available: 2 ** 31, needed: 200 << 20 },
  disk: { path: '/var/lib/netxfw', free: 2 ** 31, writable: true },
};

const INTERFACE: InterfaceFacts = {
  name: 'eth0',
  exists: true,
  up: true,
  mtu: 1500,
  driver: 'ena',
  offloads: [],
  channels: { now: 2, most: 8 },
  attached: null,
  refusal: undefined,
};

/** What is not as it should be. */
const bad = (findings: readonly Diagnosis[]) => findings.filter(({ state }) => state !== 'ok');

describe('a host that is in order', () => {
  it('has no findings but good ones', () => {
    const all = [...kernelFindings(KERNEL), ...resourceFindings(RESOURCES), ...interfaceFindings(INTERFACE)];
    expect(bad(all)).toEqual([]);
    expect(all.length).toBeGreaterThan(10);
  });
});

describe('the kernel', () => {
  it.each<[Partial<KernelFacts>, Partial<Diagnosis>]>([
    [{ root: false }, { name: 'rights', state: 'problem', remedy: 'sudo netxfw system doctor' }],
    [{ release: '5.4.0-42' }, { name: 'kernel', state: 'problem', remedy: 'install a kernel from 5.15 on' }],
    [{ library: 'there is no libbpf.so.1' }, { name: 'libbpf', state: 'problem', remedy: 'apt-get install libbpf1' }],
    [{ btf: false }, { name: 'BTF', state: 'problem' }],
    [{ jit: '0' }, { name: 'JIT', state: 'note', remedy: 'sysctl -w net.core.bpf_jit_enable=1' }],
    [{ objects: 'there is no dist' }, { name: 'programs', state: 'problem', remedy: 'npm run build:bpf' }],
    [
      { features: [answer('xdp'), answer('xdpLink', false)] },
      { name: 'features', state: 'problem', remedy: 'install a kernel from 5.9 on' },
    ],
    [{ features: [answer('xdp'), answer('tcx', false)] }, { name: 'features', state: 'note', remedy: null }],
    [
      { features: [answer('xdp'), { ...answer('xdpLink'), supported: undefined }] },
      { name: 'features', state: 'note' },
    ],
  ])('%j', (facts, finding) => {
    expect(bad(kernelFindings({ ...KERNEL, ...facts }))).toEqual([expect.objectContaining(finding)]);
  });
});

describe('resources', () => {
  it.each<[Partial<ResourceFacts>, Partial<Diagnosis>]>([
    [{ bpffs: false }, { name: 'bpffs', state: 'problem', remedy: 'mount -t bpf bpf /sys/fs/bpf' }],
    [
      { lockedMemory: 65536, countsByGroup: false },
      { name: 'memlock', state: 'problem' },
    ],
    [{ memory: { available: 100 << 20, needed: 200 << 20 } }, { name: 'memory', state: 'note' }],
    [{ disk: { path: '/x', free: 1 << 20, writable: true } }, { name: 'disk', state: 'note' }],
    [{ disk: { path: '/x', free: 2 ** 31, writable: false } }, { name: 'disk', state: 'problem' }],
  ])('%j', (facts, finding) => {
    expect(bad(resourceFindings({ ...RESOURCES, ...facts }))).toEqual([expect.objectContaining(finding)]);
  });

  it('read the files of the kernel', () => {
    const limits = 'Max cpu time  unlimited unlimited seconds\nMax locked memory         8388608   8388608   bytes\n';
    expect(lockedMemory(limits)).toBe(8388608);
    expect(lockedMemory('Max locked memory  unlimited  unlimited bytes\n')).toBeNull();
    expect(availableMemory('MemTotal: 16 kB\nMemAvailable:   1024 kB\n')).toBe(1024 * 1024);
  });

  it('name the port that somebody else has', () => {
    const found = listenerFindings([
      { name: 'api', address: 'http://127.0.0.1:11818', problem: null },
      { name: 'metrics', address: 'http://127.0.0.1:9100', problem: 'the port is in use' },
    ]);
    expect(bad(found)).toEqual([expect.objectContaining({ remedy: expect.stringContaining('metrics.port') })]);
  });
});

describe('an interface', () => {
  it.each<[Partial<InterfaceFacts>, Partial<Diagnosis>]>([
    [{ exists: false }, { state: 'problem' }],
    [{ up: false }, { state: 'note', remedy: 'ip link set dev eth0 up' }],
    [
      { attached: { mode: 'native', name: 'other', id: 7, ours: false } },
      { state: 'problem', remedy: expect.stringContaining('ip link set dev eth0 xdp off') },
    ],
    [{ offloads: ['large-receive-offload'] }, { state: 'note', remedy: 'ethtool -K eth0 lro off' }],
    [{ offloads: ['rx-gro-hw'] }, { state: 'note', remedy: 'ethtool -K eth0 rx-gro-hw off' }],
    [{ channels: { now: 8, most: 8 } }, { state: 'note', remedy: 'ethtool -L eth0 combined 4' }],
    [{ mtu: 9001 }, { state: 'note', remedy: 'ip link set dev eth0 mtu 3498' }],
    [{ driver: 'e1000e' }, { state: 'note', remedy: null }],
    [{ driver: '' }, { state: 'note', remedy: null }],
    [{ refusal: 'XDP is not supported with MTU 9001' }, { state: 'note', remedy: expect.stringContaining('mtu') }],
    [
      { attached: { mode: 'generic', name: 'netxfw', id: 7, ours: true }, offloads: ['large-receive-offload'] },
      { state: 'note', remedy: expect.stringMatching(/^ethtool -K eth0 lro off, then: netxfw system unload/) },
    ],
  ])('%j', (facts, finding) => {
    expect(bad(interfaceFindings({ ...INTERFACE, ...facts }))).toEqual([expect.objectContaining(finding)]);
  });

  it.each<Partial<InterfaceFacts>>([
    { refusal: null, driver: 'e1000e' },
    { attached: { mode: 'native', name: 'netxfw', id: 7, ours: true }, mtu: 9001 },
  ])('is in order with %j', (facts) => {
    expect(bad(interfaceFindings({ ...INTERFACE, ...facts }))).toEqual([]);
  });
});
