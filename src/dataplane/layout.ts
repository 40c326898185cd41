/** Mirrors of the structs in bpf/include/types.h; test/layout compares both, field by field. */
import { be16, bits64, bytes, halfWords, struct, text, u8, u16, u32, u64, words } from './codec.ts';

/** enum nx_layout: maps of another version are not adopted. */
export const LAYOUT_VERSION = 2;
/** enum nx_action */
export const ACTION = { ALLOW: 1, DENY: 2 } as const;
/** Ticks in which the kernel program does rate arithmetic. */
export const TICKS_PER_NS = 16;
/** Elements of `stats`: enforced verdicts, then monitor mode's. */
export const STATS_ENTRIES = 128;

export const prefixCodec = struct('nx_prefix', 20, { prefixlen: u32(0), addr: bytes(4, 16) });

export const listEntryCodec = struct('nx_list_entry', 88, {
  action: u8(0),
  prefixlen: u8(1),
  reason: text(8, 64),
  createdAt: u64(72),
  expiresAt: u64(80),
});

export const hosts4BucketCodec = struct('nx_hosts4_bucket', 64, { addr: words(0, 16) });
export const hosts6BucketCodec = struct('nx_hosts6_bucket', 64, { addr: words(0, 16) });
export const indexLineCodec = struct('nx_index_line', 64, { words: words(0, 16) });

export const dynEntryCodec = struct('nx_dyn_entry', 56, {
  blockedAt: u64(0),
  expiresAt: u64(8),
  cause: u32(16),
  hits: u32(20),
  reason: text(24, 32),
});

export const rateCodec = struct('nx_rate', 40, {
  rate: u64(0),
  burst: u64(8),
  cost: u64(16),
  depth: u64(24),
  id: u32(32),
  prefixlen: u32(36),
});

/** Buckets of one set. */
export const RATE_WAYS = 4;

/** A word each; buckets of other CPUs change while it is read. */
export const rateSetCodec = struct('nx_rate_set', 64, { tag: bits64(0, RATE_WAYS), time: bits64(32, RATE_WAYS) });

export const sharedBucketCodec = struct('nx_shared_bucket', 64, { time: u64(0) });

export const counterCodec = struct('nx_counter', 16, { packets: u64(0), bytes: u64(8) });

export const flowKeyCodec = struct('nx_flow_key', 40, {
  src: bytes(0, 16),
  dst: bytes(16, 16),
  srcPort: be16(32),
  dstPort: be16(34),
  proto: u8(36),
});

/** enum nx_flow_state */
export const FLOW_STATE = {
  SYN_SENT: 1,
  ESTABLISHED: 2,
  FIN_WAIT: 3,
  CLOSED: 4,
  UNREPLIED: 5,
  REPLIED: 6,
} as const;

export const flowCodec = struct('nx_flow', 24, { lastSeen: u64(0), createdAt: u64(8), state: u8(16), flags: u8(17) });

/** NX_MARK_SHIFT: jiffies to the unit of a mark. */
export const MARK_SHIFT = 8;

/** Marks of one line of ports: when a flow of each was last written. */
export const portMarksCodec = struct('nx_port_marks', 64, { time: halfWords(0, 32) });

export const fragKeyCodec = struct('nx_frag_key', 40, {
  src: bytes(0, 16),
  dst: bytes(16, 16),
  id: u32(32),
  proto: u8(36),
});

export const fragCodec = struct('nx_frag', 16, { seenAt: u64(0), pass: u8(8), reason: u8(9) });

export const ruleKeyCodec = struct('nx_rule_key', 24, {
  prefixlen: u32(0),
  portClass: u16(4),
  proto: u8(6),
  family: u8(7),
  addr: bytes(8, 16),
});

export const ruleCodec = struct('nx_rule', 72, { action: u8(0), prefixlen: u8(1), id: u32(4), reason: text(8, 64) });

/** Port p is class p % 32 of line p / 32. */
export const portClassLineCodec = struct('nx_port_class_line', 64, { class: halfWords(0, 32) });

/** enum nx_port_set */
export const PORT_SET = { TCP: 0, UDP: 1, FAILSAFE_TCP: 2 } as const;

/** Port p is bit p % 64 of word p / 64. */
export const portBitsCodec = struct('nx_port_bits', 8192, { words: bits64(0, 1024) });

export const eventCodec = struct('nx_event', 256, {
  timeNs: u64(0),
  src: bytes(8, 16),
  dst: bytes(24, 16),
  srcPort: be16(40),
  dstPort: be16(42),
  length: u16(44),
  captured: u16(46),
  ifindex: u32(48),
  ethertype: u16(52),
  vlan: u16(54),
  verdict: u8(56),
  reason: u8(57),
  proto: u8(58),
  family: u8(59),
  tcpFlags: u8(60),
  icmpType: u8(61),
  monitor: u8(62),
  data: bytes(64, 192),
});

export const tunablesCodec = struct('nx_tunables', 168, {
  icmpCost: u64(0),
  icmpDepth: u64(8),
  synCost: u64(16),
  synDepth: u64(24),
  autoBlockExpiry: u64(32),
  tcpTimeout: u64(40),
  synTimeout: u64(48),
  finTimeout: u64(56),
  udpTimeout: u64(64),
  udpUnrepliedTimeout: u64(72),
  icmpTimeout: u64(80),
  fragTimeout: u64(88),
  eventCost: u64(96),
  eventDepth: u64(104),
  eventSamplePasses: u64(112),
  allowedProtocols: bits64(120, 4),
  index4Always: u32(152),
  index6Always: u32(156),
  hasLockList: u8(160),
  hasDynamic: u8(161),
  hasLimits: u8(162),
  hasRules: u8(163),
  eventsCapture: u8(164),
  limitsAlways: u8(165),
  rulesAlways: u8(166),
});

/** enum nx_family_bit */
export const FAMILY_BIT = { FAMILY_BIT4: 1, FAMILY_BIT6: 2 } as const;

export const pluginVerdictCodec = struct('nx_plugin_verdict', 8, { action: u32(0), slot: u32(4) });

/** enum nx_decider */
export const DECIDER = {
  STAGE: 0,
  WHITELIST: 1,
  DYNAMIC: 2,
  NETWORK: 3,
  HOST: 4,
  LOCK_LIST: 5,
  LIMIT: 6,
  FLOW: 7,
  FRAGMENT: 8,
  RULE: 9,
} as const;

export const explainCodec = struct('nx_explain', 112, {
  reason: u8(0),
  decider: u8(1),
  prefixlen: u8(2),
  state: u8(3),
  family: u8(4),
  proto: u8(5),
  index: u8(6),
  frag: u8(7),
  id: u32(8),
  createdAt: u64(16),
  expiresAt: u64(24),
  src: bytes(32, 16),
  text: text(48, 64),
});

export const metaCodec = struct('nx_meta', 16, {
  layout: u32(0),
  hashSeed: u32(4),
  hosts4Buckets: u32(8),
  hosts6Buckets: u32(12),
});

/** Every struct of types.h. */
export const CODECS = [
  prefixCodec,
  listEntryCodec,
  hosts4BucketCodec,
  hosts6BucketCodec,
  indexLineCodec,
  dynEntryCodec,
  rateCodec,
  rateSetCodec,
  sharedBucketCodec,
  counterCodec,
  flowKeyCodec,
  flowCodec,
  portMarksCodec,
  fragKeyCodec,
  fragCodec,
  ruleKeyCodec,
  ruleCodec,
  portClassLineCodec,
  portBitsCodec,
  eventCodec,
  tunablesCodec,
  pluginVerdictCodec,
  explainCodec,
  metaCodec,
] as const;
