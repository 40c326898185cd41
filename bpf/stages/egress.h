/* SPDX-License-Identifier: GPL-2.0 */
/* What this host sends, remembered so that the answers are known. Nothing is ever dropped or changed here. */
#ifndef NETXFW_EGRESS_H
#define NETXFW_EGRESS_H

#include "../include/flow.h"
#include "../include/ports.h"
#include "conntrack.h"

/* The packet as the key of its flow; false: of no kind that is tracked. */
static __always_inline bool nx_sent_key(const struct nx_pkt *pkt, struct nx_flow_key *key)
{
	key->src = pkt->src;
	key->dst = pkt->dst;
	key->proto = pkt->proto;
	key->src_port = pkt->src_port;
	if (pkt->proto == IPPROTO_TCP || pkt->proto == IPPROTO_UDP) {
		key->dst_port = pkt->dst_port;
		return true;
	}
	return nx_is_icmp(pkt) && pkt->icmp_type == (pkt->family == 4 ? NX_ICMP_ECHO : NX_ICMP6_ECHO);
}

/* Packets to an open port come in without an entry, and a busy server must not push its outgoing flows out of the table. */
static __always_inline bool nx_is_served(const struct nx_pkt *pkt)
{
	__u16 port = bpf_ntohs(pkt->src_port);

	return nx_is_open(pkt->proto, port) || (pkt->proto == IPPROTO_TCP && nx_port_in(NX_PORTS_FAILSAFE_TCP, port));
}

static __always_inline void nx_new_flow(const struct nx_flow_key *key, const struct nx_pkt *pkt, __u8 state)
{
	struct nx_flow flow = {.last_seen = pkt->now, .created_at = pkt->now, .state = state};

	nx_flow_leave_mark(key, pkt);
	bpf_map_update_elem(&ct_map, key, &flow, BPF_ANY);
}

/* UDP and echo requests. */
static __always_inline void nx_sent_datagram(const struct nx_flow_key *key, const struct nx_pkt *pkt,
					     const struct nx_tunables *t)
{
	struct nx_flow *flow = bpf_map_lookup_elem(&ct_map, key);

	if (flow && nx_flow_live(flow, pkt->proto, pkt, t))
		nx_flow_touch(key, flow, pkt);
	else
		nx_new_flow(key, pkt, NX_FLOW_UNREPLIED);
}

static __always_inline void nx_sent_segment(const struct nx_flow_key *key, const struct nx_pkt *pkt,
					    const struct nx_tunables *t)
{
	struct nx_flow *flow = bpf_map_lookup_elem(&ct_map, key);
	bool live = flow && nx_flow_live(flow, pkt->proto, pkt, t);

	if (nx_is_syn(pkt)) {
		if (live && flow->state == NX_FLOW_SYN_SENT)
			nx_flow_touch(key, flow, pkt);
		else
			nx_new_flow(key, pkt, NX_FLOW_SYN_SENT);
		return;
	}
	if (pkt->tcp_flags & NX_TCP_RST) {
		if (flow)
			nx_flow_become(flow, NX_FLOW_CLOSED);
		return;
	}
	if (pkt->tcp_flags & NX_TCP_FIN) {
		if (!flow) {
			nx_new_flow(key, pkt, NX_FLOW_FIN_WAIT);
			return;
		}
		nx_flow_become(flow, NX_FLOW_FIN_WAIT);
		nx_flow_touch(key, flow, pkt);
		return;
	}
	if (live)
		nx_flow_touch(key, flow, pkt);
	else
		nx_new_flow(key, pkt, NX_FLOW_ESTABLISHED);
}

/* Follows what leaves; pkt is parsed. */
static __always_inline void nx_egress(const struct nx_pkt *pkt, const struct nx_tunables *t)
{
	struct nx_flow_key key = {};

	if (nx_is_late(pkt) || !nx_sent_key(pkt, &key))
		return;
	if (pkt->proto != IPPROTO_TCP) {
		if (!nx_is_served(pkt))
			nx_sent_datagram(&key, pkt, t);
		return;
	}
	/* A SYN+ACK makes no entry: a flood of SYNs to this host would fill the table. */
	if (pkt->tcp_flags & NX_TCP_SYN && pkt->tcp_flags & NX_TCP_ACK)
		return;
	/* A SYN starts a flow from any port; a RST closes one that is known. */
	if (!nx_is_syn(pkt) && !(pkt->tcp_flags & NX_TCP_RST) && nx_is_served(pkt))
		return;
	nx_sent_segment(&key, pkt, t);
}

#endif
