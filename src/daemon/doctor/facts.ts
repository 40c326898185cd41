import type { FeatureAnswer } from '../../ebpf/index.ts';

/** What `ethtool` and the kernel say about an interface. */
export interface InterfaceFacts {
  readonly name: string;
  readonly exists: boolean;
  readonly up: boolean;
  readonly mtu: number;
  /** Empty when nobody can tell. */
  readonly driver: string;
  /** Names of offloads that are on, as `ethtool -k` prints them. */
  readonly offloads: readonly string[];
  /** Combined channels, now and at most; null when the driver has none. */
  readonly channels: { readonly now: number; readonly most: number } | null;
  /** The program that is attached; null without one. */
  readonly attached: {
    readonly mode: string;
    readonly name: string;
    readonly id: number;
    /** It is the filter of this instance. */
    readonly ours: boolean;
  } | null;
  /** What the driver said when it was asked to take a program: null = yes, undefined = it was not asked. */
  readonly refusal: string | null | undefined;
}

export interface KernelFacts {
  readonly root: boolean;
  /** `6.1.0-18-amd64` */
  readonly release: string;
  /** Why libbpf cannot be used; null when it can. */
  readonly library: string | null;
  /** Empty when they could not be asked for. */
  readonly features: readonly FeatureAnswer[];
  /** /sys/kernel/btf/vmlinux is there. */
  readonly btf: boolean;
  /** net.core.bpf_jit_enable; null when it is not there. */
  readonly jit: string | null;
  /** Why the compiled programs cannot be found; null when they can. */
  readonly objects: string | null;
  readonly clang: boolean;
}

export interface ResourceFacts {
  readonly pinPath: string;
  readonly bpffs: boolean;
  /** Bytes; null = without limit. */
  readonly lockedMemory: number | null;
  /** The kernel counts BPF memory by control group instead of that limit. */
  readonly countsByGroup: boolean;
  /** Bytes that are available, and that the tables of the configuration take. */
  readonly memory: { readonly available: number; readonly needed: number };
  readonly disk: { readonly path: string; readonly free: number; readonly writable: boolean };
}

export interface ListenerFacts {
  /** Key in config.yaml. */
  readonly name: string;
  readonly address: string;
  /** Why it cannot listen; null when it can, or does. */
  readonly problem: string | null;
}
