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

/*
 * Whether a slot holds the address: the difference of one of them is zero and borrows. A branch for each slot could not be
 * predicted, and would wait for the memory each time.
 */
static __always_inline bool nx_hosts4_in(__u32 hash, __be32 addr)
{
	__u32 key = nx_bucket(hash, cfg_hosts4_buckets);
	struct nx_hosts4_bucket *bucket = bpf_map_lookup_elem(&lock_hosts4, &key);
	__u64 borrow = 0;

	if (!bucket)
		return false;
#pragma unroll
	for (int i = 0; i < NX_HOSTS4_SLOTS; i++) {
		__u64 differs = bucket->addr[i] ^ addr;

		asm volatile("" : "+r"(differs)); /* or the compiler makes branches of it */
		borrow |= differs - 1;
	}
	return (__s64)borrow < 0;
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

/* Whether a permanent network of /24 or shorter covers the source, in a block where something else touches it, too. */
static __always_inline bool nx_denied_widely(const struct nx_pkt *pkt)
{
	struct nx_prefix key = {.prefixlen = NX_V4_PREFIX + 24};
	struct nx_list_entry *entry;

	__builtin_memcpy(key.addr, &pkt->src, sizeof(key.addr));
	for (int i = 0; i < NX_MAX_NESTED; i++) {
		entry = bpf_map_lookup_elem(&lock_list, &key);
		if (!entry || entry->prefixlen < NX_V4_PREFIX)
			return false;
		if (!entry->expires_at) {
			nx_explain_entry(NX_BY_LOCK_LIST, entry);
			return true;
		}
		if (entry->prefixlen == NX_V4_PREFIX)
			return false;
		key.prefixlen = entry->prefixlen - 1;
	}
	return false;
}

static __always_inline enum nx_reason nx_deny(const struct nx_pkt *pkt, const struct nx_tunables *t)
{
	bool other = pkt->index & NX_INDEX_OTHER && t->has_lock_list;
	enum nx_reason reason = NX_REASON_NONE;

	if (pkt->index & NX_INDEX_NETWORK) {
		nx_explain_note(NX_BY_NETWORK);
		return NX_DROP_DENIED_NETWORK;
	}
	if (pkt->index & NX_INDEX_HOST && nx_permanent_host(pkt)) {
		nx_explain_prefix(NX_BY_HOST, 128, 0);
		reason = NX_DROP_DENIED_HOST;
	} else if (other) {
		reason = nx_deny_listed(pkt);
	}
	/* The same reason as in a block that the index calls denied: only the few that are dropped as hosts pay for it. */
	if (reason == NX_DROP_DENIED_HOST && other && pkt->family == 4 && nx_denied_widely(pkt))
		return NX_DROP_DENIED_NETWORK;
	return reason;
}

#endif
