/* SPDX-License-Identifier: GPL-2.0 */
/* Layer 4, within the IP length and not the frame. The contract of parsers in parse.h holds here too. */
#ifndef NETXFW_TRANSPORT_H
#define NETXFW_TRANSPORT_H

#include "../include/pkt.h"

#define NX_TCP_MIN_WORDS 5

/* The part that ICMP and ICMPv6 share; id is that of an echo message. */
struct nx_icmp_header {
	__u8 type;
	__u8 code;
	__be16 checksum;
	__be16 id;
	__be16 sequence;
};

/* `size` readable bytes at `offset` of the frame, or NULL. */
static __always_inline void *nx_at(const struct nx_frame *frame, __u32 offset, __u32 size)
{
	void *at = frame->data + offset;

	return at + size > frame->end ? NULL : at;
}

static __always_inline enum nx_reason nx_parse_tcp(const struct nx_frame *frame, struct nx_pkt *pkt, __u32 left)
{
	struct tcphdr *tcp = nx_at(frame, pkt->l4, sizeof(*tcp));

	if (!tcp || left < sizeof(*tcp) || tcp->doff < NX_TCP_MIN_WORDS || tcp->doff * 4 > left)
		return NX_DROP_MALFORMED;
	pkt->src_port = tcp->source;
	pkt->dst_port = tcp->dest;
	pkt->tcp_flags = ((__u8 *)tcp)[13];
	return NX_REASON_NONE;
}

static __always_inline enum nx_reason nx_parse_udp(const struct nx_frame *frame, struct nx_pkt *pkt, __u32 left)
{
	struct udphdr *udp = nx_at(frame, pkt->l4, sizeof(*udp));
	__u32 length;

	if (!udp || left < sizeof(*udp))
		return NX_DROP_MALFORMED;
	length = bpf_ntohs(udp->len);
	if (length < sizeof(*udp) || (length > left && !(pkt->frag & NX_FRAG_FIRST)))
		return NX_DROP_MALFORMED;
	pkt->src_port = udp->source;
	pkt->dst_port = udp->dest;
	return NX_REASON_NONE;
}

static __always_inline bool nx_is_echo(const struct nx_pkt *pkt)
{
	if (pkt->family == 4)
		return pkt->icmp_type == NX_ICMP_ECHO || pkt->icmp_type == NX_ICMP_ECHO_REPLY;
	return pkt->icmp_type == NX_ICMP6_ECHO || pkt->icmp_type == NX_ICMP6_ECHO_REPLY;
}

static __always_inline enum nx_reason nx_parse_icmp(const struct nx_frame *frame, struct nx_pkt *pkt, __u32 left)
{
	struct nx_icmp_header *icmp = nx_at(frame, pkt->l4, sizeof(*icmp));

	if (!icmp || left < sizeof(*icmp))
		return NX_DROP_MALFORMED;
	pkt->icmp_type = icmp->type;
	pkt->icmp_code = icmp->code;
	if (nx_is_echo(pkt))
		pkt->src_port = icmp->id;
	return NX_REASON_NONE;
}

/* A first fragment is held to the same: it must carry the whole header (RFC 7112, RFC 1858). */
static __always_inline enum nx_reason nx_parse_transport(const struct nx_frame *frame, struct nx_pkt *pkt)
{
	__u32 left = pkt->l3_end - pkt->l4;

	if (pkt->proto == IPPROTO_TCP)
		return nx_parse_tcp(frame, pkt, left);
	if (pkt->proto == IPPROTO_UDP)
		return nx_parse_udp(frame, pkt, left);
	if (pkt->proto == (pkt->family == 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6))
		return nx_parse_icmp(frame, pkt, left);
	return NX_REASON_NONE;
}

/* Fills pkt, which must be zeroed. NX_REASON_NONE: an IP packet to judge. */

#endif
