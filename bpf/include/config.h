/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is decided when the program is loaded. Userspace writes these by name into .rodata before it loads the object;
 * the verifier then removes what is off. The values here let the object load as it is.
 */
#ifndef NETXFW_CONFIG_H
#define NETXFW_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "maps.h"

enum nx_anti_spoof { NX_ANTI_SPOOF_OFF = 0, NX_ANTI_SPOOF_BASIC = 1, NX_ANTI_SPOOF_STRICT = 2 };

/* Variants of the program. */
const volatile bool cfg_monitor = false; /* everything is judged and counted, and every packet passes */
const volatile bool cfg_explain = false; /* says in explain_result what decided, and writes nothing else */
const volatile bool cfg_plugins = false; /* jmp_table holds plugins */

/*
 * The kernel has bpf_xdp_get_buff_len and bpf_xdp_load_bytes (5.18). Frames in several buffers need it, and the program
 * flag BPF_F_XDP_HAS_FRAGS beside it.
 */
const volatile bool cfg_frags = true;
const volatile __u32 cfg_jiffies_per_second = 250;
const volatile __u64 cfg_ticks_per_jiffy = NX_TICKS_PER_NS * 1000000000ULL / 250;

/* Geometry of the flat tables: hash.h. `meta` keeps it for whoever adopts the maps. */
const volatile __u32 cfg_hosts4_buckets = 1;
const volatile __u32 cfg_hosts4_seed = 0;
const volatile __u32 cfg_hosts6_buckets = 1;
const volatile __u32 cfg_hosts6_seed = 0;
const volatile __u32 cfg_index6_seed = 0;
const volatile __u32 cfg_rate_sets = 1;   /* entries of rate_state */
const volatile __u32 cfg_rate_seed = 0;

/* Userspace keeps port_marks; otherwise every packet that could be a reply looks for its flow. */
const volatile bool cfg_port_marks = false;

/* Policy, by the names of config.yaml. */
const volatile bool cfg_default_deny = false;
const volatile bool cfg_allow_icmp = true;
const volatile bool cfg_allow_dhcp = true;
const volatile bool cfg_strict_tcp = false;
const volatile bool cfg_strict_protocol = false;
const volatile bool cfg_drop_fragments = false;
const volatile bool cfg_bogon_filter = false;
const volatile __u32 cfg_anti_spoof = NX_ANTI_SPOOF_OFF;
const volatile bool cfg_conntrack = false;
const volatile bool cfg_rate_limit = false;
const volatile bool cfg_syn_limit = false;
const volatile bool cfg_auto_block = false;
const volatile __u32 cfg_v6_prefix = 64; /* 1 .. 128 */
const volatile bool cfg_events = false;

/* The values of the moment; never NULL in practice, but the verifier of older kernels wants to see the check. */
static __always_inline const struct nx_tunables *nx_tunables(void)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(&tunables, &key);
}

#endif
