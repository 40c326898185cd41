/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The maps, all pinned under the pin path by their names. Sizes given as 1 are set by userspace at load time.
 * Reader and writer of each: K the kernel program, U userspace.
 */
#ifndef NETXFW_MAPS_H
#define NETXFW_MAPS_H

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

#include "limits.h"
#include "plugin_maps.h"
#include "reasons.h"
#include "types.h"

/* nx_prefix -> nx_list_entry; U writes, K reads */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1);
	__type(key, struct nx_prefix);
	__type(value, struct nx_list_entry);
} whitelist SEC(".maps");

/* nx_prefix -> nx_list_entry, denied networks and hosts that carry an expiry; U writes, K reads */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1);
	__type(key, struct nx_prefix);
	__type(value, struct nx_list_entry);
} lock_list SEC(".maps");

/* bucket -> permanent denied IPv4 hosts; U writes by mmap, K reads */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct nx_hosts4_bucket);
} lock_hosts4 SEC(".maps");

/* bucket -> permanent denied IPv6 hosts; U writes by mmap, K reads */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct nx_hosts6_bucket);
} lock_hosts6 SEC(".maps");

/* IPv4 /24 -> enum nx_block; U writes by mmap, K reads and sets NX_BLOCK_MIXED (both atomically) */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, NX_INDEX4_LINES);
	__type(key, __u32);
	__type(value, struct nx_index_line);
} src_index4 SEC(".maps");

/*
 * IPv4 /24 -> a bit: its block is not NX_BLOCK_CLEAR; may be stale when set. Half the memory answers for the sources that nothing touches.
 * U writes by mmap, K reads and sets.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, NX_TOUCHED4_LINES);
	__type(key, __u32);
	__type(value, struct nx_index_line);
} src_touched4 SEC(".maps");

/* nibble per hash of an IPv6 /32 or /48 -> NX_INDEX_* bits; U writes by mmap, K reads and sets NX_INDEX_OTHER (both atomically) */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, NX_INDEX6_LINES);
	__type(key, __u32);
	__type(value, struct nx_index_line);
} src_index6 SEC(".maps");

/* nx_addr (IPv6: host or /64) -> nx_dyn_entry; U and K (auto-block) write, K reads */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, union nx_addr);
	__type(value, struct nx_dyn_entry);
} dyn_lock_list SEC(".maps");

/* this host's own nx_addr -> the interface that has it, or NX_OWN_EVERYWHERE; U writes, K reads */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1);
	__type(key, union nx_addr);
	__type(value, __u32);
} own_addrs SEC(".maps");

/* nx_prefix -> nx_rate; U writes, K reads */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1);
	__type(key, struct nx_prefix);
	__type(value, struct nx_rate);
} rate_limit SEC(".maps");

/* set -> buckets of the sources that hash to it; K writes, U reads (top sources) and clears */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct nx_rate_set);
} rate_state SEC(".maps");

/* NX_SHARED_ICMP, or reason (its event budget) -> bucket; K writes */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, NX_REASON_MAX);
	__type(key, __u32);
	__type(value, struct nx_shared_bucket);
} shared_buckets SEC(".maps");

/* nx_rate.id -> packets and bytes over that limit; K writes, U reads */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct nx_counter);
} limit_hits SEC(".maps");

/* nx_flow_key -> nx_flow; K writes (egress makes entries, both directions follow the state), U reads and removes */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, struct nx_flow_key);
	__type(value, struct nx_flow);
} ct_map SEC(".maps");

/*
 * local port, or ICMP identifier, as loaded -> when a flow that has it was last written: whether a look-up in ct_map is worth
 * it. Port n is mark n % 32 of line n / 32. U (for what it puts into ct_map) and K write, K reads.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, NX_PORT_MARK_LINES);
	__type(key, __u32);
	__type(value, struct nx_port_marks);
} port_marks SEC(".maps");

/* nx_frag_key -> nx_frag; K writes and reads */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct nx_frag_key);
	__type(value, struct nx_frag);
} frag_map SEC(".maps");

/* nx_rule_key -> nx_rule; U writes, K reads */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1);
	__type(key, struct nx_rule_key);
	__type(value, struct nx_rule);
} ip_port_rules SEC(".maps");

/* port / 32 -> classes of 32 ports; U writes by mmap, K reads */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, NX_PORT_CLASS_LINES);
	__type(key, __u32);
	__type(value, struct nx_port_class_line);
} port_classes SEC(".maps");

/* enum nx_port_set -> 65,536 bits; U writes by mmap, K reads */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, NX_PORT_SETS);
	__type(key, __u32);
	__type(value, struct nx_port_bits);
} allowed_ports SEC(".maps");

/* nx_event; K writes, U reads. The size is set by userspace: a power of two, at least a page. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

/* 0 -> events that found the ring full; K writes, U reads */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} events_lost SEC(".maps");

/* 0 -> nx_explain; K (the explain variant only, which has its own) writes, U reads */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct nx_explain);
} explain_result SEC(".maps");

/* nx_tunables; U writes by mmap, K reads */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct nx_tunables);
} tunables SEC(".maps");

/* reason (+ NX_REASON_MAX: monitor mode's would-be drops) -> packets and bytes; K writes, U reads */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, NX_STATS_ENTRIES);
	__type(key, __u32);
	__type(value, struct nx_counter);
} stats SEC(".maps");

/* 0 -> layout version, hash seed and bucket counts of the other maps; U writes and reads, K does not use it */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct nx_meta);
} meta SEC(".maps");

#endif
