/**
 * Numbers of the kernel's ABI (include/uapi/linux/bpf.h and if_link.h). They are written out because the feature they
 * belong to may be newer than the headers the program is built with.
 */

export const MAP_TYPE = {
  HASH: 1,
  ARRAY: 2,
  PROG_ARRAY: 3,
  PERCPU_HASH: 5,
  PERCPU_ARRAY: 6,
  LRU_HASH: 9,
  LRU_PERCPU_HASH: 10,
  LPM_TRIE: 11,
  PERCPU_CGROUP_STORAGE: 21,
  RINGBUF: 27,
} as const;

export const PROG_TYPE = { SOCKET_FILTER: 1, SCHED_CLS: 3, XDP: 6 } as const;

export const ATTACH_TYPE = { XDP: 37, TCX_INGRESS: 46, TCX_EGRESS: 47 } as const;

export const LINK_TYPE = { XDP: 6, TCX: 11 } as const;

/** Flags of BpfMap.update. */
export const UPDATE = { ANY: 0, NOEXIST: 1, EXIST: 2 } as const;

/** Flags at map creation. MMAPABLE: kernel 5.5. */
export const MAP_FLAG = { NO_PREALLOC: 1, NO_COMMON_LRU: 2, RDONLY_PROG: 1 << 7, MMAPABLE: 1 << 10 } as const;

/** Flags at program load. XDP_HAS_FRAGS: kernel 5.18. */
export const PROG_FLAG = { STRICT_ALIGNMENT: 1, ANY_ALIGNMENT: 2, XDP_HAS_FRAGS: 1 << 5 } as const;

/** Flags of a test run. XDP_LIVE_FRAMES: kernel 5.18. */
export const TEST_FLAG = { XDP_LIVE_FRAMES: 1 << 1 } as const;

export const XDP_FLAG = { UPDATE_IF_NOEXIST: 1, SKB_MODE: 2, DRV_MODE: 4, HW_MODE: 8 } as const;

/** BPF_F_REPLACE of a link update: only if the link still runs the program that is named. */
export const LINK_REPLACE = 1 << 2;

export const XDP_ACTION = { ABORTED: 0, DROP: 1, PASS: 2, TX: 3, REDIRECT: 4 } as const;

/** libbpf's own error numbers (libbpf_errno). */
export const LIBBPF_ERRNO: Readonly<Record<number, string>> = {
  4000: 'libelf could not read the object',
  4001: 'the object has a wrong format',
  4002: 'the object names a wrong kernel version',
  4003: 'the object has the wrong byte order',
  4004: 'internal error of libbpf',
  4005: 'relocation failed',
  4006: 'the program could not be loaded',
  4007: 'the kernel verifier refused the program',
  4008: 'the program is too large',
  4009: 'the kernel has the wrong version',
  4010: 'the kernel does not know this type of program',
  4011: 'wrong process id in a netlink message',
  4012: 'netlink answered out of sequence',
  4013: 'a netlink answer could not be parsed',
};
