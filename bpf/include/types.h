/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Everything that crosses between the kernel program and userspace, and nothing else. Addresses and ports in keys are
 * in network byte order; IPv4 is ::ffff:a.b.c.d. Times are jiffies (bpf_jiffies64) unless the name says _ns.
 * src/dataplane/layout.ts mirrors these structs; a test compares both, field by field, through the object's BTF.
 */
#ifndef NETXFW_TYPES_H
#define NETXFW_TYPES_H

#include <linux/types.h>

#define NX_REASON_TEXT 64
#define NX_DYN_REASON_TEXT 32

union nx_addr {
	__u8 bytes[16];
	__u32 words[4];
	__u64 halves[2];
};
_Static_assert(sizeof(union nx_addr) == 16, "nx_addr");

/* whitelist, lock_list, rate_limit */
struct nx_prefix {
	__u32 prefixlen; /* of the 128-bit form: IPv4 /24 is 120 */
	__u8 addr[16];
};
_Static_assert(sizeof(struct nx_prefix) == 20, "nx_prefix");

enum nx_action { NX_ACTION_ALLOW = 1, NX_ACTION_DENY = 2 };

/* whitelist, lock_list */
struct nx_list_entry {
	__u8 action;      /* enum nx_action */
	__u8 prefixlen;   /* of the 128-bit form; explain names the entry by it */
	__u8 pad[6];
	char reason[NX_REASON_TEXT];
	__u64 created_at; /* jiffies */
	__u64 expires_at; /* jiffies, 0 = never */
};
_Static_assert(sizeof(struct nx_list_entry) == 88, "nx_list_entry");

/* lock_hosts4: one bucket of the two-choice table; 0 = free slot. Addresses as loaded, in network byte order. */
#define NX_HOSTS4_SLOTS 16
struct nx_hosts4_bucket {
	__u32 addr[NX_HOSTS4_SLOTS];
};
_Static_assert(sizeof(struct nx_hosts4_bucket) == 64, "nx_hosts4_bucket");

/* lock_hosts6: :: = free slot */
#define NX_HOSTS6_SLOTS 4
struct nx_hosts6_bucket {
	union nx_addr addr[NX_HOSTS6_SLOTS];
};
_Static_assert(sizeof(struct nx_hosts6_bucket) == 64, "nx_hosts6_bucket");

/* What could match a source. */
enum nx_index_bit {
	NX_INDEX_ALLOW = 1,   /* a whitelist entry touches it */
	NX_INDEX_HOST = 2,    /* a permanent host entry touches it */
	NX_INDEX_NETWORK = 4, /* a permanent denied network covers all of it (IPv4 only; exact) */
	NX_INDEX_OTHER = 8,   /* dynamic block, expiring entry, longer network, limit or ip+port rule touches it */
};

/*
 * src_index4: what touches an IPv4 /24. Each state asks for no less than the one before it, so the highest that any entry
 * demands is right for all of them; states may be stale, NX_BLOCK_DENIED apart.
 */
enum nx_block {
	NX_BLOCK_CLEAR = 0,  /* nothing */
	NX_BLOCK_HOSTS = 1,  /* permanent host entries */
	NX_BLOCK_DENIED = 2, /* a permanent denied network covers all of it, whatever hosts there are; exact */
	NX_BLOCK_MIXED = 3,  /* anything: every list is asked */
};

/* NX_INDEX_* bits by enum nx_block, four each: a constant instead of a table in memory. */
#define NX_BLOCK_BITS                                                                                                          \
	(NX_INDEX_HOST << 4 * NX_BLOCK_HOSTS | NX_INDEX_NETWORK << 4 * NX_BLOCK_DENIED |                                       \
	 (NX_INDEX_ALLOW | NX_INDEX_HOST | NX_INDEX_OTHER) << 4 * NX_BLOCK_MIXED)

struct nx_index_line {
	__u32 words[16];
};
_Static_assert(sizeof(struct nx_index_line) == 64, "nx_index_line");

/* dyn_lock_list; the key is a union nx_addr: a host, or the first address of an IPv6 /64 */
struct nx_dyn_entry {
	__u64 blocked_at; /* jiffies */
	__u64 expires_at; /* jiffies, 0 = never */
	__u32 cause;      /* enum nx_reason when the kernel blocked it, 0 = by hand */
	__u32 hits;       /* packets dropped by this entry; approximate */
	char reason[NX_DYN_REASON_TEXT];
};
_Static_assert(sizeof(struct nx_dyn_entry) == 56, "nx_dyn_entry");

/* own_addrs: an address that is this host's on every link; link-local ones have the index of their interface */
#define NX_OWN_EVERYWHERE 0

/* rate_limit. Rate arithmetic runs in ticks of 1/16 ns. */
#define NX_TICKS_PER_NS 16
struct nx_rate {
	__u64 rate;      /* packets per second */
	__u64 burst;     /* packets */
	__u64 cost;      /* ticks per packet: 16e9 / rate */
	__u64 depth;     /* ticks: burst * cost */
	__u32 id;        /* index into limit_hits */
	__u32 prefixlen; /* of the 128-bit form */
};
_Static_assert(sizeof(struct nx_rate) == 40, "nx_rate");

/*
 * rate_state: one set of a set-associative table of buckets. A bucket is a GCRA theoretical arrival time in ticks; one that
 * has passed is as good as none, so nothing is ever removed. The tag names source and kind; 0 = never used.
 */
#define NX_RATE_WAYS 4
struct nx_rate_set {
	__u64 tag[NX_RATE_WAYS];
	__u64 time[NX_RATE_WAYS];
};
_Static_assert(sizeof(struct nx_rate_set) == 64, "nx_rate_set");

/* shared_buckets: theoretical arrival times, one to a cache line; [reason] is the event budget of that reason */
struct nx_shared_bucket {
	__u64 time;
	__u64 pad[7];
};
_Static_assert(sizeof(struct nx_shared_bucket) == 64, "nx_shared_bucket");
#define NX_SHARED_ICMP 0

/* stats (per CPU), limit_hits (per CPU) */
struct nx_counter {
	__u64 packets;
	__u64 bytes;
};
_Static_assert(sizeof(struct nx_counter) == 16, "nx_counter");

/* `stats` holds enforced verdicts at [reason] and monitor mode's would-be drops at [NX_REASON_MAX + reason]. */
#define NX_STATS_ENTRIES 128

/* ct_map, keyed as the outgoing packet was sent */
struct nx_flow_key {
	union nx_addr src;
	union nx_addr dst;
	__be16 src_port; /* ICMP echo: the identifier */
	__be16 dst_port; /* ICMP echo: 0 */
	__u8 proto;
	__u8 pad[3];
};
_Static_assert(sizeof(struct nx_flow_key) == 40, "nx_flow_key");

enum nx_flow_state {
	NX_FLOW_SYN_SENT = 1,
	NX_FLOW_ESTABLISHED = 2,
	NX_FLOW_FIN_WAIT = 3,
	NX_FLOW_CLOSED = 4,
	NX_FLOW_UNREPLIED = 5, /* UDP and ICMP echo before the first answer */
	NX_FLOW_REPLIED = 6,
};

struct nx_flow {
	__u64 last_seen;  /* jiffies; written only when at least one second newer */
	__u64 created_at; /* jiffies */
	__u8 state;       /* enum nx_flow_state */
	__u8 flags;
	__u8 pad[6];
};
_Static_assert(sizeof(struct nx_flow) == 24, "nx_flow");

/* port_marks: low bits of the jiffy >> NX_MARK_SHIFT in which a flow of the port was last written */
#define NX_PORT_MARKS 32
#define NX_MARK_SHIFT 8
struct nx_port_marks {
	__u16 time[NX_PORT_MARKS];
};
_Static_assert(sizeof(struct nx_port_marks) == 64, "nx_port_marks");

/* frag_map */
struct nx_frag_key {
	union nx_addr src;
	union nx_addr dst;
	__u32 id;
	__u8 proto;
	__u8 pad[3];
};
_Static_assert(sizeof(struct nx_frag_key) == 40, "nx_frag_key");

struct nx_frag {
	__u64 seen_at; /* jiffies */
	__u8 pass;
	__u8 reason; /* enum nx_reason of the first fragment */
	__u8 pad[6];
};
_Static_assert(sizeof(struct nx_frag) == 16, "nx_frag");

/*
 * ip_port_rules: LPM over the source, exact in the fields before it, so one look-up per protocol finds the longest
 * source prefix. Ports are mapped to classes by `port_classes` (ports that every rule treats alike share a class).
 */
struct nx_rule_key {
	__u32 prefixlen; /* 32 + prefix length of the 128-bit form */
	__u16 port_class;
	__u8 proto;  /* IPPROTO_TCP, IPPROTO_UDP, 0 = any of them */
	__u8 family; /* 4 or 6: 0.0.0.0/0 and ::/0 mean their family only */
	__u8 addr[16];
};
_Static_assert(sizeof(struct nx_rule_key) == 24, "nx_rule_key");

struct nx_rule {
	__u8 action;    /* enum nx_action */
	__u8 prefixlen; /* of the 128-bit form */
	__u8 pad[2];
	__u32 id;
	char reason[NX_REASON_TEXT];
};
_Static_assert(sizeof(struct nx_rule) == 72, "nx_rule");

/* port_classes: port p is class[p % 32] of line p / 32; class 0: no rule names the port */
struct nx_port_class_line {
	__u16 class[32];
};
_Static_assert(sizeof(struct nx_port_class_line) == 64, "nx_port_class_line");

/* allowed_ports: one bit per port; port p is bit p % 64 of word p / 64 */
enum nx_port_set { NX_PORTS_TCP = 0, NX_PORTS_UDP = 1, NX_PORTS_FAILSAFE_TCP = 2, NX_PORT_SETS = 3 };
struct nx_port_bits {
	__u64 words[1024];
};
_Static_assert(sizeof(struct nx_port_bits) == 8192, "nx_port_bits");

/* events (ring buffer) */
#define NX_EVENT_SNAP 192
struct nx_event {
	__u64 time_ns; /* CLOCK_MONOTONIC */
	union nx_addr src;
	union nx_addr dst;
	__be16 src_port;
	__be16 dst_port;
	__u16 length;    /* bytes on the wire */
	__u16 captured;  /* valid bytes of data */
	__u32 ifindex;
	__u16 ethertype; /* host byte order */
	__u16 vlan;      /* outer VLAN id, 0 = untagged */
	__u8 verdict;    /* enum xdp_action as judged: in monitor mode a drop reads XDP_DROP */
	__u8 reason;     /* enum nx_reason */
	__u8 proto;
	__u8 family;     /* 4, 6, 0 = not IP */
	__u8 tcp_flags;
	__u8 icmp_type;
	__u8 monitor;    /* 1: would have been dropped, was passed */
	__u8 pad;
	__u8 data[NX_EVENT_SNAP];
};
_Static_assert(sizeof(struct nx_event) == 256, "nx_event");

/*
 * Values that change while the program runs: the one element of the map `tunables`.
 * Lists that are empty cost nothing: userspace keeps the has_* fields up to date before it relies on them.
 */
struct nx_tunables {
	__u64 icmp_cost;  /* ticks per packet */
	__u64 icmp_depth; /* ticks */
	__u64 syn_cost;
	__u64 syn_depth;
	__u64 auto_block_expiry;   /* jiffies */
	__u64 tcp_timeout;         /* jiffies, like all timeouts below */
	__u64 syn_timeout;
	__u64 fin_timeout;
	__u64 udp_timeout;
	__u64 udp_unreplied_timeout;
	__u64 icmp_timeout;
	__u64 frag_timeout;
	__u64 event_cost;          /* ticks per event and reason */
	__u64 event_depth;
	__u64 event_sample_passes; /* every n-th passed packet, 0 = none */
	__u64 allowed_protocols[4]; /* bit p = IP protocol p */
	__u32 index4_always;       /* NX_INDEX_* bits that hold for every IPv4 source */
	__u32 index6_always;
	__u8 has_lock_list;        /* lock_list is not empty */
	__u8 has_dynamic;          /* userspace put entries into dyn_lock_list */
	__u8 has_limits;
	__u8 has_rules;
	__u8 events_capture;       /* copy packet bytes into events */
	__u8 limits_always;        /* enum nx_family_bit: a limit of a short prefix; its sources have no NX_INDEX_OTHER */
	__u8 rules_always;         /* the same of ip_port_rules */
	__u8 pad;
};
_Static_assert(sizeof(struct nx_tunables) == 168, "nx_tunables");

enum nx_family_bit { NX_FAMILY_BIT4 = 1, NX_FAMILY_BIT6 = 2 };

/* plugin_verdict (per CPU): what a plugin hands to the exit */
struct nx_plugin_verdict {
	__u32 action; /* enum nx_action */
	__u32 slot;
};
_Static_assert(sizeof(struct nx_plugin_verdict) == 8, "nx_plugin_verdict");

/* explain_result: the entry that decided */
enum nx_decider {
	NX_BY_STAGE = 0, /* no entry: the reason says it all */
	NX_BY_WHITELIST = 1,
	NX_BY_DYNAMIC = 2,
	NX_BY_NETWORK = 3, /* permanent network, known to the source index only */
	NX_BY_HOST = 4,
	NX_BY_LOCK_LIST = 5,
	NX_BY_LIMIT = 6,
	NX_BY_FLOW = 7,
	NX_BY_FRAGMENT = 8,
	NX_BY_RULE = 9,
};

struct nx_explain {
	__u8 reason;      /* enum nx_reason */
	__u8 decider;     /* enum nx_decider */
	__u8 prefixlen;   /* of the 128-bit form */
	__u8 state;       /* flow: enum nx_flow_state; fragment: enum nx_reason of the first one */
	__u8 family;      /* what the parser saw; 0 = not IP */
	__u8 proto;
	__u8 index;       /* NX_INDEX_* bits of the source */
	__u8 frag;        /* 1 = IPv6 fragment header, 2 = first fragment, 4 = late fragment */
	__u32 id;         /* limit, rule; dynamic: cause */
	__u32 pad;
	__u64 created_at; /* jiffies; dynamic: blocked_at; flow: created_at; fragment: seen_at */
	__u64 expires_at; /* jiffies, 0 = never */
	union nx_addr src;
	char text[NX_REASON_TEXT];
};
_Static_assert(sizeof(struct nx_explain) == 112, "nx_explain");

/*
 * meta: what an adopting process must know of the maps beside it; U writes it last at first load, so a pin path without
 * it was never finished. The version grows with every change of a map's meaning that its key and value sizes do not show.
 */
enum nx_layout { NX_LAYOUT_VERSION = 2 };

struct nx_meta {
	__u32 layout;         /* NX_LAYOUT_VERSION */
	__u32 hash_seed;      /* hash.h */
	__u32 hosts4_buckets;
	__u32 hosts6_buckets;
};
_Static_assert(sizeof(struct nx_meta) == 16, "nx_meta");

#endif
