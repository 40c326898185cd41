/* SPDX-License-Identifier: GPL-2.0 */
/* Later fragments have no ports: they share the fate of their first one. */
#ifndef NETXFW_FRAGMENT_H
#define NETXFW_FRAGMENT_H

#include "../include/explain.h"
#include "../include/pkt.h"

/* IPv6 fragments have no protocol in common: the later ones name what follows the fragment header of the first. */
static __always_inline void nx_frag_key(const struct nx_pkt *pkt, struct nx_frag_key *key)
{
	key->src = pkt->src;
	key->dst = pkt->dst;
	key->id = pkt->frag_id;
	key->proto = pkt->family == 4 ? pkt->proto : IPPROTO_FRAGMENT;
}

/* Decides every late fragment. */
static __always_inline enum nx_reason nx_late_fragment(const struct nx_pkt *pkt, const struct nx_tunables *t)
{
	struct nx_frag_key key = {};
	struct nx_frag *first;

	if (!nx_is_late(pkt))
		return NX_REASON_NONE;
	nx_frag_key(pkt, &key);
	first = bpf_map_lookup_elem(&frag_map, &key);
	if (!first || nx_older_than(first->seen_at, pkt->now, t->frag_timeout))
		return cfg_default_deny ? NX_DROP_DEFAULT : NX_PASS_DEFAULT;
	nx_explain_state(NX_BY_FRAGMENT, first->reason, first->seen_at);
	return first->pass ? NX_PASS_FRAGMENT : NX_DROP_LATE_FRAGMENT;
}

/*
 * Keeps a first fragment's verdict for the others. Verdicts by source need no memory: they hold for the others as well. Nor does
 * the verdict that unknown fragments get anyway, unless it takes another one back: a flood of first fragments that are dropped
 * must not push out those that have passed.
 */
static __always_inline void nx_remember_fragment(const struct nx_pkt *pkt, enum nx_reason reason)
{
	struct nx_frag first = {.seen_at = pkt->now, .pass = !nx_is_drop(reason), .reason = reason};
	struct nx_frag_key key = {};

	if (cfg_explain || !(pkt->frag & NX_FRAG_FIRST))
		return;
	nx_frag_key(pkt, &key);
	if (first.pass != cfg_default_deny && !bpf_map_lookup_elem(&frag_map, &key))
		return;
	bpf_map_update_elem(&frag_map, &key, &first, BPF_ANY);
}

#endif
