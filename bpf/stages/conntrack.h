/* SPDX-License-Identifier: GPL-2.0 */
/* Replies to what this host sent, and ICMP errors about it. stages/egress.h makes the entries. */
#ifndef NETXFW_CONNTRACK_H
#define NETXFW_CONNTRACK_H

#include "../include/explain.h"
#include "../include/flow.h"
#include "parse.h"

#define NX_QUOTED_BYTES 8 /* of layer 4, RFC 792; the least that RFC 4443 errors hold, too */

static __always_inline bool nx_is_syn(const struct nx_pkt *pkt)
{
	return (pkt->tcp_flags & (NX_TCP_SYN | NX_TCP_ACK)) == NX_TCP_SYN;
}

/* Can it answer anything? */
static __always_inline bool nx_is_reply(const struct nx_pkt *pkt)
{
	if (pkt->proto == IPPROTO_TCP || pkt->proto == IPPROTO_UDP)
		return true;
	return nx_is_icmp(pkt) && pkt->icmp_type == (pkt->family == 4 ? NX_ICMP_ECHO_REPLY : NX_ICMP6_ECHO_REPLY);
}

/* What the reply says about its flow; the first that applies. */
static __always_inline void nx_follow_reply(const struct nx_flow_key *key, struct nx_flow *flow, const struct nx_pkt *pkt)
{
	if (cfg_explain)
		return;
	if (pkt->proto != IPPROTO_TCP)
		nx_flow_become(flow, NX_FLOW_REPLIED);
	else if (pkt->tcp_flags & NX_TCP_RST)
		nx_flow_become(flow, NX_FLOW_CLOSED);
	else if (pkt->tcp_flags & NX_TCP_SYN && flow->state == NX_FLOW_SYN_SENT && !nx_is_syn(pkt))
		nx_flow_become(flow, NX_FLOW_ESTABLISHED);
	else if (pkt->tcp_flags & NX_TCP_FIN && flow->state == NX_FLOW_ESTABLISHED)
		nx_flow_become(flow, NX_FLOW_FIN_WAIT);
	nx_flow_touch(key, flow, pkt);
}

static __always_inline enum nx_reason nx_reply(const struct nx_pkt *pkt, const struct nx_tunables *t)
{
	struct nx_flow_key key = {.proto = pkt->proto};
	struct nx_flow *flow;

	key.src = pkt->dst;
	key.dst = pkt->src;
	if (nx_is_icmp(pkt)) {
		key.src_port = pkt->src_port;
	} else {
		key.src_port = pkt->dst_port;
		key.dst_port = pkt->src_port;
	}
	if (!nx_flow_possible(&key, pkt, t))
		return NX_REASON_NONE;
	flow = bpf_map_lookup_elem(&ct_map, &key);
	if (!flow || !nx_flow_live(flow, pkt->proto, pkt, t))
		return NX_REASON_NONE;
	/* Simultaneous open (RFC 9293 3.5): the only SYN that answers one. */
	if (pkt->proto == IPPROTO_TCP && nx_is_syn(pkt) && flow->state != NX_FLOW_SYN_SENT)
		return NX_REASON_NONE;
	nx_explain_state(NX_BY_FLOW, flow->state, flow->created_at);
	nx_follow_reply(&key, flow, pkt);
	return NX_PASS_CONNTRACK;
}

/* ICMP errors, by family. */
static __always_inline bool nx_is_error(const struct nx_pkt *pkt)
{
	if (!nx_is_icmp(pkt))
		return false;
	if (pkt->family == 4)
		return pkt->icmp_type == NX_ICMP_UNREACHABLE || pkt->icmp_type == NX_ICMP_TIME_EXCEEDED ||
		       pkt->icmp_type == NX_ICMP_PARAMETER;
	return pkt->icmp_type >= NX_ICMP6_UNREACHABLE && pkt->icmp_type <= NX_ICMP6_PARAMETER;
}

/* Offset of the quoted layer 4 header, 0 = nothing that could be one of our packets. Fills addresses and protocol. */
static __always_inline __u32 nx_quoted4(const struct nx_frame *frame, const struct nx_pkt *pkt, struct nx_flow_key *key)
{
	__u32 at = pkt->l4 + sizeof(struct nx_icmp_header);
	struct iphdr *ip = nx_at(frame, at, sizeof(*ip));

	if (!ip || ip->version != 4 || ip->ihl * 4 < sizeof(*ip) || ip->frag_off & bpf_htons(NX_IP_OFFSET))
		return 0;
	nx_set_addr4(&key->src, ip->saddr);
	nx_set_addr4(&key->dst, ip->daddr);
	key->proto = ip->protocol;
	return at + ip->ihl * 4;
}

static __always_inline __u32 nx_quoted6(const struct nx_frame *frame, const struct nx_pkt *pkt, struct nx_flow_key *key)
{
	__u32 at = pkt->l4 + sizeof(struct nx_icmp_header);
	struct ipv6hdr *ip = nx_at(frame, at, sizeof(*ip));
	struct nx_fragment_header *fragment;

	if (!ip || ip->version != 6)
		return 0;
	nx_set_addr6(&key->src, &ip->saddr);
	nx_set_addr6(&key->dst, &ip->daddr);
	key->proto = ip->nexthdr;
	at += sizeof(*ip);
	if (key->proto != IPPROTO_FRAGMENT)
		return at;
	fragment = nx_at(frame, at, sizeof(*fragment));
	if (!fragment || fragment->offset & bpf_htons(NX_IP6F_OFFSET))
		return 0;
	key->proto = fragment->nexthdr;
	return at + sizeof(*fragment);
}

/* The quoted ports, or the identifier of a quoted echo request. */
static __always_inline bool nx_quoted_ports(const struct nx_frame *frame, const struct nx_pkt *pkt, __u32 at,
					    struct nx_flow_key *key)
{
	struct nx_icmp_header *header = nx_at(frame, at, NX_QUOTED_BYTES);
	__be16 *ports = (__be16 *)header;

	if (!header || at + NX_QUOTED_BYTES > pkt->l3_end)
		return false;
	if (key->proto == IPPROTO_TCP || key->proto == IPPROTO_UDP) {
		key->src_port = ports[0];
		key->dst_port = ports[1];
		return true;
	}
	key->src_port = header->id;
	if (pkt->family == 4)
		return key->proto == IPPROTO_ICMP && header->type == NX_ICMP_ECHO;
	return key->proto == IPPROTO_ICMPV6 && header->type == NX_ICMP6_ECHO;
}

/*
 * Does this ICMP error quote a packet of a live flow? What it quotes, we have sent: its source is our destination. Global, so
 * that the verifier judges it once.
 */
__noinline int nx_find_related(struct xdp_md *ctx, struct nx_pkt *pkt)
{
	struct nx_frame frame = {.data = (void *)(long)ctx->data, .end = (void *)(long)ctx->data_end};
	const struct nx_tunables *t = nx_tunables();
	struct nx_flow_key key = {};
	struct nx_flow *flow;
	__u32 at;

	if (!pkt || !t || pkt->l4 > NX_MAX_OFFSET)
		return false;
	at = pkt->family == 4 ? nx_quoted4(&frame, pkt, &key) : nx_quoted6(&frame, pkt, &key);
	if (!at || !nx_quoted_ports(&frame, pkt, at, &key))
		return false;
	if (key.src.halves[0] != pkt->dst.halves[0] || key.src.halves[1] != pkt->dst.halves[1])
		return false;
	flow = bpf_map_lookup_elem(&ct_map, &key);
	return flow && nx_flow_live(flow, key.proto, pkt, t);
}

static __always_inline enum nx_reason nx_conntrack(const struct nx_pkt *pkt, const struct nx_tunables *t)
{
	if (!cfg_conntrack)
		return NX_REASON_NONE;
	if (pkt->related) {
		nx_explain_note(NX_BY_FLOW);
		return NX_PASS_RELATED;
	}
	return nx_is_reply(pkt) ? nx_reply(pkt, t) : NX_REASON_NONE;
}

#endif
