/* SPDX-License-Identifier: GPL-2.0 */
/* IP+port rules. Ports that no rule names have class 0 and stop here. */
#ifndef NETXFW_RULES_H
#define NETXFW_RULES_H

#include "../include/explain.h"
#include "../include/pkt.h"

#define NX_RULE_EXACT_BITS 32 /* port class, protocol and family */

static __always_inline __u16 nx_port_class(__u16 port)
{
	__u32 key = port / 32;
	struct nx_port_class_line *line = bpf_map_lookup_elem(&port_classes, &key);

	return line ? line->class[port % 32] : 0;
}

/* The longest source prefix; the specific protocol when both are equally long. */
static __always_inline struct nx_rule *nx_find_rule(const struct nx_pkt *pkt, __u16 class)
{
	struct nx_rule_key key = {
		.prefixlen = NX_RULE_EXACT_BITS + 128,
		.port_class = class,
		.proto = pkt->proto,
		.family = pkt->family,
	};
	struct nx_rule *specific, *any;

	__builtin_memcpy(key.addr, &pkt->src, sizeof(key.addr));
	specific = bpf_map_lookup_elem(&ip_port_rules, &key);
	key.proto = 0;
	any = bpf_map_lookup_elem(&ip_port_rules, &key);
	if (!specific)
		return any;
	return any && any->prefixlen > specific->prefixlen ? any : specific;
}

static __always_inline enum nx_reason nx_rules(const struct nx_pkt *pkt, const struct nx_tunables *t)
{
	__u8 family = pkt->family == 4 ? NX_FAMILY_BIT4 : NX_FAMILY_BIT6;
	struct nx_rule *rule;
	__u16 class;

	if (!t->has_rules || !(pkt->index & NX_INDEX_OTHER || t->rules_always & family))
		return NX_REASON_NONE;
	if (pkt->proto != IPPROTO_TCP && pkt->proto != IPPROTO_UDP)
		return NX_REASON_NONE;
	class = nx_port_class(bpf_ntohs(pkt->dst_port));
	rule = class ? nx_find_rule(pkt, class) : NULL;
	if (!rule)
		return NX_REASON_NONE;
	nx_explain_rule(rule);
	return rule->action == NX_ACTION_ALLOW ? NX_PASS_RULE : NX_DROP_RULE;
}

#endif
