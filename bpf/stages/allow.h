/* SPDX-License-Identifier: GPL-2.0 */
/* The source index, the prefix lists, and the whitelist. */
#ifndef NETXFW_ALLOW_H
#define NETXFW_ALLOW_H

#include "../include/config.h"
#include "../include/explain.h"
#include "../include/hash.h"
#include "../include/pkt.h"

static __always_inline __u32 nx_index6_read(__u32 nibble)
{
	__u32 key = nx_index_key(nibble);
	struct nx_index_line *line = bpf_map_lookup_elem(&src_index6, &key);

	return line ? nx_index_bits(line, nibble) : 0;
}

static __always_inline __u32 nx_index4_read(__u32 block)
{
	__u32 key = nx_block_key(block);
	struct nx_index_line *line = bpf_map_lookup_elem(&src_index4, &key);

	return line ? NX_BLOCK_BITS >> nx_block_state(line, block) * 4 & 15 : 0;
}

static __always_inline bool nx_touched4(__u32 block)
{
	__u32 key = nx_touched_key(block);
	struct nx_index_line *line = bpf_map_lookup_elem(&src_touched4, &key);

	return line && nx_is_touched(line, block);
}

/* What could match this source. A set bit may be stale, NX_INDEX_NETWORK apart; a clear one never is. */
static __always_inline __u32 nx_source_index(const struct nx_pkt *pkt, const struct nx_tunables *t)
{
	if (pkt->family == 4) {
		__u32 block = nx_block4(pkt->src.words[3]);

		return t->index4_always | (nx_touched4(block) ? nx_index4_read(block) : 0);
	}
	return t->index6_always | nx_index6_read(nx_index6_nibble32(&pkt->src, cfg_index6_seed)) |
	       nx_index6_read(nx_index6_nibble48(&pkt->src, cfg_index6_seed));
}

/*
 * The longest live entry that covers the source, or NULL. After NX_MAX_NESTED expired ones in a row nobody knows what else
 * covers it; *unknown tells, and the caller takes the answer that lets nothing bad in.
 */
static __always_inline struct nx_list_entry *nx_list_find(void *map, const struct nx_pkt *pkt,
							  struct nx_list_entry **unknown)
{
	/* Shorter ones are IPv6 prefixes that happen to cover ::ffff:0:0/96. */
	__u32 shortest = pkt->family == 4 ? NX_V4_PREFIX : 0;
	struct nx_prefix key = {.prefixlen = 128};
	struct nx_list_entry *entry;

	__builtin_memcpy(key.addr, &pkt->src, sizeof(key.addr));
	for (int i = 0; i < NX_MAX_NESTED; i++) {
		entry = bpf_map_lookup_elem(map, &key);
		if (!entry || entry->prefixlen < shortest)
			return NULL;
		if (!nx_expired(entry->expires_at, pkt->now))
			return entry;
		if (entry->prefixlen == shortest)
			return NULL;
		key.prefixlen = entry->prefixlen - 1;
	}
	*unknown = entry;
	return NULL;
}

static __always_inline enum nx_reason nx_allow(const struct nx_pkt *pkt)
{
	struct nx_list_entry *unknown = NULL, *entry;

	if (!(pkt->index & NX_INDEX_ALLOW))
		return NX_REASON_NONE;
	entry = nx_list_find(&whitelist, pkt, &unknown);
	if (!entry)
		return NX_REASON_NONE;
	nx_explain_entry(NX_BY_WHITELIST, entry);
	return NX_PASS_WHITELIST;
}

#endif
