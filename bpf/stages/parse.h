/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Contract of every parser here: it reads only what it has compared with frame->end (what can be read) and with the length that the
 * headers outside it promised (what belongs to the packet); it advances pkt->l4 behind what it understood, and returns
 * NX_REASON_NONE, or the reason to end with. Headers that do not lie in the frame's first buffer count as truncated.
 */
#ifndef NETXFW_PARSE_H
#define NETXFW_PARSE_H

#include "transport.h"

#define NX_VLAN_ID 0x0fff
#define NX_IP_MF 0x2000
#define NX_IP_OFFSET 0x1fff
#define NX_IP_MAX 65535
#define NX_IP6F_MF 1
#define NX_IP6F_OFFSET 0xfff8

struct nx_vlan_tag {
	__be16 tci;
	__be16 ethertype;
};

/* RFC 8200 4.5 */
struct nx_fragment_header {
	__u8 nexthdr;
	__u8 reserved;
	__be16 offset;
	__be32 id;
};

/*
 * Moves pkt->l4 to `at`, as a number of which the verifier knows the bound and nothing else: states that differ only in the
 * headers they came through become one. Without it the extension headers alone cost it a twentyfold.
 */
static __always_inline bool nx_advance(const struct nx_frame *frame, struct nx_pkt *pkt, void *at)
{
	asm volatile("" : "+r"(at));
	pkt->l4 = at - frame->data;
	return pkt->l4 <= NX_MAX_OFFSET;
}

static __always_inline bool nx_is_vlan(__u16 ethertype)
{
	return ethertype == ETH_P_8021Q || ethertype == ETH_P_8021AD;
}

static __always_inline enum nx_reason nx_parse_ethernet(const struct nx_frame *frame, struct nx_pkt *pkt)
{
	struct ethhdr *eth = nx_at(frame, 0, sizeof(*eth));

	if (!eth)
		return NX_DROP_MALFORMED;
	pkt->ethertype = bpf_ntohs(eth->h_proto);
	pkt->l4 = sizeof(*eth);
	for (int i = 0; i < NX_MAX_VLAN_TAGS; i++) {
		struct nx_vlan_tag *tag;

		if (!nx_is_vlan(pkt->ethertype))
			return NX_REASON_NONE;
		tag = nx_at(frame, pkt->l4, sizeof(*tag));
		if (!tag)
			return NX_DROP_MALFORMED;
		if (!pkt->tagged)
			pkt->vlan = bpf_ntohs(tag->tci) & NX_VLAN_ID;
		pkt->tagged = true;
		pkt->ethertype = bpf_ntohs(tag->ethertype);
		pkt->l4 += sizeof(*tag);
	}
	return nx_is_vlan(pkt->ethertype) ? NX_DROP_VLAN_DEPTH : NX_REASON_NONE;
}

/* ::ffff:a.b.c.d in two stores: a half read soon after it was written as two words stalls the CPU. */
static __always_inline void nx_set_addr4(union nx_addr *addr, __be32 ip)
{
	addr->halves[0] = 0;
	addr->halves[1] = bpf_cpu_to_be64(0xffff00000000ULL | bpf_ntohl(ip));
}

static __always_inline void nx_set_addr6(union nx_addr *addr, const struct in6_addr *ip)
{
	addr->halves[0] = ((const __u64 *)ip)[0];
	addr->halves[1] = ((const __u64 *)ip)[1];
}

/*
 * Does the packet end within the frame? Jumbo frames lie in several buffers; their length is asked for only when the first
 * buffer is not enough, because asking costs as much as parsing.
 */
static __always_inline bool nx_fits(struct nx_frame *frame, __u32 end)
{
	if (end > frame->length && frame->xdp)
		frame->length = bpf_xdp_get_buff_len(frame->xdp);
	return end <= frame->length;
}

static __always_inline enum nx_reason nx_parse_ipv4(struct nx_frame *frame, struct nx_pkt *pkt)
{
	struct iphdr *ip = nx_at(frame, pkt->l4, sizeof(*ip));
	__u32 header, total, offset;

	if (!ip || ip->version != 4)
		return NX_DROP_MALFORMED;
	header = ip->ihl * 4;
	total = bpf_ntohs(ip->tot_len);
	if (frame->sent && !total)
		total = frame->length - pkt->l4;
	if (header < sizeof(*ip) || total < header || !nx_fits(frame, pkt->l4 + total))
		return NX_DROP_MALFORMED;

	pkt->family = 4;
	pkt->proto = ip->protocol;
	pkt->hop_limit = ip->ttl;
	nx_set_addr4(&pkt->src, ip->saddr);
	nx_set_addr4(&pkt->dst, ip->daddr);
	pkt->l3_end = pkt->l4 + total;
	if (!nx_advance(frame, pkt, (void *)ip + header))
		return NX_DROP_MALFORMED;

	offset = bpf_ntohs(ip->frag_off);
	if (offset & (NX_IP_OFFSET | NX_IP_MF)) {
		pkt->frag_id = ip->id;
		pkt->frag = offset & NX_IP_OFFSET ? NX_FRAG_LATE : NX_FRAG_FIRST;
		offset &= NX_IP_OFFSET;
		if (offset * 8 + total - header > NX_IP_MAX) /* RFC 791 3.2 */
			return NX_DROP_MALFORMED;
		if (offset == 1 && pkt->proto == IPPROTO_TCP) /* RFC 3128: would overwrite the flags */
			return NX_DROP_MALFORMED;
	}
	return NX_REASON_NONE;
}

static __always_inline bool nx_is_extension(__u8 proto)
{
	return proto == IPPROTO_HOPOPTS || proto == IPPROTO_ROUTING || proto == IPPROTO_DSTOPTS || proto == IPPROTO_AH ||
	       proto == IPPROTO_FRAGMENT;
}

/* The fragment header at pkt->l4; the caller steps over it. */
static __always_inline enum nx_reason nx_parse_fragment_header(const struct nx_fragment_header *header, struct nx_pkt *pkt)
{
	__u32 offset = bpf_ntohs(header->offset);

	if (pkt->frag)
		return NX_DROP_MALFORMED;
	pkt->frag = NX_FRAG_HEADER;
	pkt->frag_id = header->id;
	if (offset & NX_IP6F_OFFSET)
		pkt->frag |= NX_FRAG_LATE;
	else if (offset & NX_IP6F_MF)
		pkt->frag |= NX_FRAG_FIRST;
	return NX_REASON_NONE;
}

/* Walks the chain to the first header that is no extension. */
static __always_inline enum nx_reason nx_parse_extensions(const struct nx_frame *frame, struct nx_pkt *pkt)
{
	for (int i = 0; i < NX_MAX_EXT_HEADERS; i++) {
		struct nx_fragment_header *header;
		__u32 size;

		if (!nx_is_extension(pkt->proto) || pkt->frag & NX_FRAG_LATE)
			return NX_REASON_NONE;
		header = nx_at(frame, pkt->l4, sizeof(*header));
		if (!header)
			return NX_DROP_MALFORMED;
		/* All of them begin with next header and length; AH counts in words (RFC 4302 2.2). */
		if (pkt->proto == IPPROTO_FRAGMENT) {
			if (nx_parse_fragment_header(header, pkt))
				return NX_DROP_MALFORMED;
			size = sizeof(*header);
		} else if (pkt->proto == IPPROTO_AH) {
			size = (header->reserved + 2) * 4;
		} else {
			size = (header->reserved + 1) * 8;
		}
		pkt->proto = header->nexthdr;
		if (!nx_advance(frame, pkt, (void *)header + size) || pkt->l4 > pkt->l3_end)
			return NX_DROP_MALFORMED;
	}
	return nx_is_extension(pkt->proto) && !(pkt->frag & NX_FRAG_LATE) ? NX_DROP_EXT_HEADERS : NX_REASON_NONE;
}

static __always_inline enum nx_reason nx_parse_ipv6(struct nx_frame *frame, struct nx_pkt *pkt)
{
	struct ipv6hdr *ip = nx_at(frame, pkt->l4, sizeof(*ip));
	__u32 payload;

	if (!ip || ip->version != 6)
		return NX_DROP_MALFORMED;
	payload = bpf_ntohs(ip->payload_len);
	if (frame->sent && !payload)
		payload = frame->length - pkt->l4 - sizeof(*ip);
	if (!nx_fits(frame, pkt->l4 + sizeof(*ip) + payload))
		return NX_DROP_MALFORMED;

	pkt->family = 6;
	pkt->proto = ip->nexthdr;
	pkt->hop_limit = ip->hop_limit;
	nx_set_addr6(&pkt->src, &ip->saddr);
	nx_set_addr6(&pkt->dst, &ip->daddr);
	pkt->l3_end = pkt->l4 + sizeof(*ip) + payload;
	if (!nx_advance(frame, pkt, ip + 1))
		return NX_DROP_MALFORMED;
	return nx_parse_extensions(frame, pkt);
}

static __always_inline enum nx_reason nx_parse(struct nx_frame *frame, struct nx_pkt *pkt)
{
	enum nx_reason reason = nx_parse_ethernet(frame, pkt);

	if (reason)
		return reason;
	if (pkt->ethertype == ETH_P_IP)
		reason = nx_parse_ipv4(frame, pkt);
	else if (pkt->ethertype == ETH_P_IPV6)
		reason = nx_parse_ipv6(frame, pkt);
	else if (pkt->ethertype == ETH_P_ARP)
		reason = NX_PASS_ARP;
	else
		reason = NX_PASS_NON_IP;
	if (reason || pkt->frag & NX_FRAG_LATE)
		return reason;
	return nx_parse_transport(frame, pkt);
}

#endif
