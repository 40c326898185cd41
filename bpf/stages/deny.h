/* SPDX-License-Identifier: GPL-2.0 */
/* The blacklists: dynamic, permanent, expiring. Each is asked only when the source index says that it could match. */
#ifndef NETXFW_DENY_H
#define NETXFW_DENY_H

#include "allow.h"

static __always_inline bool nx_dynamic_hit(const union nx_addr *addr, __u32 prefixlen, const struct nx_pkt *pkt)
{
	struct nx_dyn_entry *entry = bpf_map_lookup_elem(&dyn_lock_list, addr);

	if (!entry || nx_expired(entry->expires_at, pkt->now))
		return false;
	/* Not atomic: two CPUs may count one hit for two. It is a hint for people, and a lock here would serialise a flood. */
	if (!cfg_explain)
		entry->hits++;
	nx_explain_dynamic(entry, prefixlen);
	return true;
}

static __always_inline enum nx_reason nx_deny_dynamic(const struct nx_pkt *pkt, const struct nx_tunables *t)
{
	union nx_addr key = pkt->src;

	if (!(pkt->index & NX_INDEX_OTHER) || !(t->has_dynamic || cfg_auto_block))
		return NX_REASON_NONE;
	if (nx_dynamic_hit(&key, 128, pkt))
		return NX_DROP_DYNAMIC;
	if (pkt->family == 6) {
		key.halves[1] = 0;
		if (nx_dynamic_hit(&key, 64, pkt))
			return NX_DROP_DYNAMIC;
	}
	return NX_REASON_NONE;
}

static __always_inline bool nx_hosts4_in(__u32 hash, __be32 addr)
{
	__u32 key = nx_bucket(hash, cfg_hosts4_buckets);
	struct nx_hosts4_bucket *bucket = bpf_map_lookup_elem(&lock_hosts4, &key);

	if (!bucket)
		return false;
#pragma unroll
	for (int i = 0; i < NX_HOSTS4_SLOTS; i++)
		if (bucket->addr[i] == addr)
			return true;
	return false;
}

static __always_inline bool nx_hosts6_in(__u32 hash, const union nx_addr *addr)
{
	__u32 key = nx_bucket(hash, cfg_hosts6_buckets);
	struct nx_hosts6_bucket *bucket = bpf_map_lookup_elem(&lock_hosts6, &key);

	if (!bucket)
		return false;
#pragma unroll
	for (int i = 0; i < NX_HOSTS6_SLOTS; i++)
		if (bucket->addr[i].halves[1] == addr->halves[1] && bucket->addr[i].halves[0] == addr->halves[0])
			return true;
	return false;
}

/* 0.0.0.0 and :: mark free slots, so they are never members; userspace keeps them in lock_list. */
static __always_inline bool nx_permanent_host(const struct nx_pkt *pkt)
{
	__u32 hash;

	if (pkt->family == 4) {
		__be32 addr = pkt->src.words[3];

		hash = nx_hosts4_hash(addr, cfg_hosts4_seed);
		return addr && (nx_hosts4_in(hash, addr) || nx_hosts4_in(nx_second_hash(hash), addr));
	}
	hash = nx_hosts6_hash(&pkt->src, cfg_hosts6_seed);
	return (pkt->src.halves[0] || pkt->src.halves[1]) &&
	       (nx_hosts6_in(hash, &pkt->src) || nx_hosts6_in(nx_second_hash(hash), &pkt->src));
}

static __always_inline enum nx_reason nx_deny_listed(const struct nx_pkt *pkt)
{
	struct nx_list_entry *unknown = NULL, *entry = nx_list_find(&lock_list, pkt, &unknown);

	if (!entry)
		entry = unknown;
	if (!entry)
		return NX_REASON_NONE;
	nx_explain_entry(NX_BY_LOCK_LIST, entry);
	return entry->prefixlen == 128 ? NX_DROP_DENIED_HOST : NX_DROP_DENIED_NETWORK;
}

static __always_inline enum nx_reason nx_deny(const struct nx_pkt *pkt, const struct nx_tunables *t)
{
	if (pkt->index & NX_INDEX_NETWORK) {
		nx_explain_note(NX_BY_NETWORK);
		return NX_DROP_DENIED_NETWORK;
	}
	if (pkt->index & NX_INDEX_HOST && nx_permanent_host(pkt)) {
		nx_explain_prefix(NX_BY_HOST, 128, 0);
		return NX_DROP_DENIED_HOST;
	}
	if (pkt->index & NX_INDEX_OTHER && t->has_lock_list)
		return nx_deny_listed(pkt);
	return NX_REASON_NONE;
}

#endif
