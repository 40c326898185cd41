/* SPDX-License-Identifier: GPL-2.0 */
/* Budgets: per source (limit rules, SYNs) and for all ICMP together. Over a per-source budget may block the source. */
#ifndef NETXFW_LIMIT_H
#define NETXFW_LIMIT_H

#include "../include/bucket.h"
#include "../include/explain.h"
#include "../include/hash.h"
#include "../include/pkt.h"

enum nx_bucket_kind { NX_BUCKET_LIMIT = 1, NX_BUCKET_SYN = 2 };

/* The bits of a 64-bit half, as loaded, that lie within `bits` leading ones. */
static __always_inline __u64 nx_half_mask(__u32 bits)
{
	return bits == 0 ? 0 : bits >= 64 ? ~0ULL : bpf_cpu_to_be64(~0ULL << (64 - bits));
}

static __always_inline __u64 nx_mix64(__u64 h)
{
	h ^= h >> 33;
	h *= 0xff51afd7ed558ccdULL;
	h ^= h >> 33;
	h *= 0xc4ceb9fe1a85ec53ULL;
	h ^= h >> 33;
	return h;
}

/*
 * Who shares a bucket. IPv4: the address itself. IPv6: a hash of the group's prefix; two groups out of a million share one
 * with a probability of 3 in 10^8, and then share a budget.
 */
static __always_inline __u64 nx_bucket_tag(const struct nx_pkt *pkt, enum nx_bucket_kind kind)
{
	__u64 high, low;

	if (pkt->family == 4)
		return (__u64)pkt->src.words[3] << 32 | kind;
	high = pkt->src.halves[0] & nx_half_mask(cfg_v6_prefix > 64 ? 64 : cfg_v6_prefix);
	low = pkt->src.halves[1] & nx_half_mask(cfg_v6_prefix > 64 ? cfg_v6_prefix - 64 : 0);
	return nx_mix64(nx_mix64(high ^ cfg_rate_seed ^ (__u64)kind << 32) ^ low);
}

/*
 * The way of `set` that holds `tag`, or else the one with the least debt, taken over for it. Two CPUs may take ways for the
 * same source, or charge a way while it changes hands: one packet more or less for one source, once.
 */
static __always_inline __u32 nx_rate_way(struct nx_rate_set *set, __u64 tag)
{
	__u64 least = ~0ULL, old;
	__u32 way = 0;

	for (__u32 i = 0; i < NX_RATE_WAYS; i++) {
		if (set->tag[i] == tag)
			return i;
		if (set->time[i] < least) {
			least = set->time[i];
			way = i;
		}
	}
	if (cfg_explain)
		return NX_RATE_WAYS;
	old = set->tag[way];
	if (__sync_val_compare_and_swap(&set->tag[way], old, tag) == old)
		__sync_val_compare_and_swap(&set->time[way], least, 0);
	return way;
}

/*
 * One packet of the source `tag`; 1: over. A function of its own (global, so that the verifier judges it once and not in each
 * state of its callers). Precise time is read here only: it costs as much as the rest of the path.
 */
__noinline int nx_rate_over(__u64 tag, __u64 cost, __u64 depth)
{
	__u32 key = nx_bucket(nx_fmix((__u32)(tag >> 32) ^ nx_fmix((__u32)tag ^ cfg_rate_seed)), cfg_rate_sets);
	struct nx_rate_set *set = bpf_map_lookup_elem(&rate_state, &key);
	__u32 way;

	if (!set)
		return 0;
	way = nx_rate_way(set, tag);
	if (way >= NX_RATE_WAYS) /* explain: a source without a bucket has a full one */
		return cost > depth;
	return !nx_bucket_take(&set->time[way], bpf_ktime_get_ns() * NX_TICKS_PER_NS, cost, depth);
}

/*
 * Puts a source into the dynamic blacklist, then into the source index, in this order: an index bit without an entry costs a
 * look-up, an entry without its bit would be no block. Global for the verifier's sake. high, low: halves of the address.
 */
__noinline int nx_block(__u64 high, __u64 low, __u64 now, __u64 expiry, __u32 reason)
{
	struct nx_dyn_entry entry = {.blocked_at = now, .expires_at = now + expiry, .cause = reason};
	union nx_addr addr = {.halves = {high, low}};
	struct nx_index_line *line;
	__u32 place, key;

	bpf_map_update_elem(&dyn_lock_list, &addr, &entry, BPF_ANY);
	if (!high && addr.words[2] == bpf_htonl(0xffff)) {
		place = nx_block4(addr.words[3]);
		key = nx_block_key(place);
		line = bpf_map_lookup_elem(&src_index4, &key);
		if (line)
			nx_block_mix(line, place);
		key = nx_touched_key(place);
		line = bpf_map_lookup_elem(&src_touched4, &key);
		if (line)
			nx_touch(line, place);
		return 0;
	}
	place = nx_index6_nibble48(&addr, cfg_index6_seed);
	key = nx_index_key(place);
	line = bpf_map_lookup_elem(&src_index6, &key);
	if (line)
		nx_index_set(line, place, NX_INDEX_OTHER);
	return 0;
}

static __always_inline void nx_auto_block(const struct nx_pkt *pkt, const struct nx_tunables *t, enum nx_reason reason)
{
	bool network = pkt->family == 6 && cfg_v6_prefix <= 64;

	if (cfg_auto_block && !cfg_explain)
		nx_block(pkt->src.halves[0], network ? 0 : pkt->src.halves[1], pkt->now, t->auto_block_expiry, reason);
}

static __always_inline void nx_count_limit(const struct nx_pkt *pkt, __u32 id)
{
	struct nx_counter *counter = cfg_explain ? NULL : bpf_map_lookup_elem(&limit_hits, &id);

	if (!counter)
		return;
	counter->packets++;
	counter->bytes += pkt->length;
}

static __always_inline enum nx_reason nx_limit_source(const struct nx_pkt *pkt, const struct nx_tunables *t)
{
	struct nx_prefix key = {.prefixlen = 128};
	struct nx_rate *rate;

	__builtin_memcpy(key.addr, &pkt->src, sizeof(key.addr));
	rate = bpf_map_lookup_elem(&rate_limit, &key);
	if (!rate || (pkt->family == 4 && rate->prefixlen < NX_V4_PREFIX))
		return NX_REASON_NONE;
	if (!nx_rate_over(nx_bucket_tag(pkt, NX_BUCKET_LIMIT), rate->cost, rate->depth))
		return NX_REASON_NONE;
	nx_count_limit(pkt, rate->id);
	nx_explain_prefix(NX_BY_LIMIT, rate->prefixlen, rate->id);
	nx_auto_block(pkt, t, NX_DROP_RATE_LIMIT);
	return NX_DROP_RATE_LIMIT;
}

static __always_inline enum nx_reason nx_limit_syn(const struct nx_pkt *pkt, const struct nx_tunables *t)
{
	if ((pkt->tcp_flags & (NX_TCP_SYN | NX_TCP_ACK)) != NX_TCP_SYN)
		return NX_REASON_NONE;
	if (!nx_rate_over(nx_bucket_tag(pkt, NX_BUCKET_SYN), t->syn_cost, t->syn_depth))
		return NX_REASON_NONE;
	nx_auto_block(pkt, t, NX_DROP_SYN_LIMIT);
	return NX_DROP_SYN_LIMIT;
}

/*
 * All sources share it, so nobody is blocked for it. What the link itself needs is exempt: it cannot come from farther away, and
 * without listener discovery switches would soon send this host no multicast, neighbour solicitations included.
 */
static __always_inline enum nx_reason nx_limit_icmp(const struct nx_pkt *pkt, const struct nx_tunables *t)
{
	__u32 key = NX_SHARED_ICMP;
	struct nx_shared_bucket *bucket = bpf_map_lookup_elem(&shared_buckets, &key);

	if (!bucket || nx_is_neighbour(pkt) || nx_is_mld(pkt) || pkt->related)
		return NX_REASON_NONE;
	return nx_bucket_take(&bucket->time, bpf_ktime_get_ns() * NX_TICKS_PER_NS, t->icmp_cost, t->icmp_depth)
		       ? NX_REASON_NONE
		       : NX_DROP_ICMP_LIMIT;
}

static __always_inline enum nx_reason nx_limit(const struct nx_pkt *pkt, const struct nx_tunables *t)
{
	enum nx_reason reason = NX_REASON_NONE;
	__u8 family = pkt->family == 4 ? NX_FAMILY_BIT4 : NX_FAMILY_BIT6;

	if (cfg_rate_limit && t->has_limits && (pkt->index & NX_INDEX_OTHER || t->limits_always & family))
		reason = nx_limit_source(pkt, t);
	if (!reason && cfg_syn_limit)
		reason = nx_limit_syn(pkt, t);
	if (!reason && t->icmp_cost && nx_is_icmp(pkt))
		reason = nx_limit_icmp(pkt, t);
	return reason;
}

#endif
