/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Notes of the explain variant: which entry decided. Whoever decides by an entry notes it; in every other variant
 * these functions are nothing.
 */
#ifndef NETXFW_EXPLAIN_H
#define NETXFW_EXPLAIN_H

#include "config.h"
#include "pkt.h"

static __always_inline struct nx_explain *nx_explain_note(enum nx_decider decider)
{
	__u32 key = 0;
	struct nx_explain *note = cfg_explain ? bpf_map_lookup_elem(&explain_result, &key) : NULL;

	if (note)
		note->decider = decider;
	return note;
}

static __always_inline void nx_explain_entry(enum nx_decider decider, const struct nx_list_entry *entry)
{
	struct nx_explain *note = nx_explain_note(decider);

	if (!note)
		return;
	note->prefixlen = entry->prefixlen;
	note->created_at = entry->created_at;
	note->expires_at = entry->expires_at;
	__builtin_memcpy(note->text, entry->reason, sizeof(note->text));
}

static __always_inline void nx_explain_dynamic(const struct nx_dyn_entry *entry, __u32 prefixlen)
{
	struct nx_explain *note = nx_explain_note(NX_BY_DYNAMIC);

	if (!note)
		return;
	note->prefixlen = prefixlen;
	note->id = entry->cause;
	note->created_at = entry->blocked_at;
	note->expires_at = entry->expires_at;
	__builtin_memcpy(note->text, entry->reason, sizeof(entry->reason));
}

static __always_inline void nx_explain_prefix(enum nx_decider decider, __u32 prefixlen, __u32 id)
{
	struct nx_explain *note = nx_explain_note(decider);

	if (!note)
		return;
	note->prefixlen = prefixlen;
	note->id = id;
}

static __always_inline void nx_explain_rule(const struct nx_rule *rule)
{
	struct nx_explain *note = nx_explain_note(NX_BY_RULE);

	if (!note)
		return;
	note->prefixlen = rule->prefixlen;
	note->id = rule->id;
	__builtin_memcpy(note->text, rule->reason, sizeof(note->text));
}

static __always_inline void nx_explain_state(enum nx_decider decider, __u8 state, __u64 created_at)
{
	struct nx_explain *note = nx_explain_note(decider);

	if (!note)
		return;
	note->state = state;
	note->created_at = created_at;
}

/* Before the first stage: what the run before left goes. */
static __always_inline void nx_explain_begin(void)
{
	__u32 key = 0;
	struct nx_explain *note = bpf_map_lookup_elem(&explain_result, &key);

	if (note)
		__builtin_memset(note, 0, sizeof(*note));
}

static __always_inline void nx_explain_end(const struct nx_pkt *pkt, enum nx_reason reason)
{
	__u32 key = 0;
	struct nx_explain *note = bpf_map_lookup_elem(&explain_result, &key);

	if (!note)
		return;
	note->reason = reason;
	note->family = pkt->family;
	note->proto = pkt->proto;
	note->index = pkt->index;
	note->frag = pkt->frag;
	note->src = pkt->src;
}

#endif
