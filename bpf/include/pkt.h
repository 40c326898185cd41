/* SPDX-License-Identifier: GPL-2.0 */
/* What the parser found out about a frame. Filled once; later stages read it, and no packet bytes but quoted ones. */
#ifndef NETXFW_PKT_H
#define NETXFW_PKT_H

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/types.h>
#include <linux/udp.h>
#include <stdbool.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "limits.h"
#include "reasons.h"
#include "types.h"

struct nx_frame {
	void *data; /* the bytes that can be read directly: the first buffer */
	void *end;
	__u32 length;       /* of the first buffer, of all of them once that was asked for */
	struct xdp_md *xdp; /* NULL: there is but one buffer */
	bool sent; /* by this host: a segment above 64 kB has no length in its header (BIG TCP) */
};

enum nx_fragment {
	NX_FRAG_HEADER = 1, /* IPv6: has a fragment header, atomic ones too */
	NX_FRAG_FIRST = 2,  /* offset 0, more follow */
	NX_FRAG_LATE = 4,   /* offset not 0: no layer 4 */
};

enum nx_tcp_flag {
	NX_TCP_FIN = 0x01,
	NX_TCP_SYN = 0x02,
	NX_TCP_RST = 0x04,
	NX_TCP_PSH = 0x08,
	NX_TCP_ACK = 0x10,
	NX_TCP_URG = 0x20,
};

/* RFC 792, RFC 4443, RFC 4861, RFC 2710, RFC 3810 */
enum nx_icmp_type {
	NX_ICMP_ECHO_REPLY = 0,
	NX_ICMP_UNREACHABLE = 3,
	NX_ICMP_REDIRECT = 5,
	NX_ICMP_ECHO = 8,
	NX_ICMP_TIME_EXCEEDED = 11,
	NX_ICMP_PARAMETER = 12,
	NX_ICMP6_UNREACHABLE = 1,
	NX_ICMP6_PARAMETER = 4,
	NX_ICMP6_ECHO = 128,
	NX_ICMP6_ECHO_REPLY = 129,
	NX_ICMP6_MLD_QUERY = 130,
	NX_ICMP6_MLD_DONE = 132,
	NX_ICMP6_ND_FIRST = 133,
	NX_ICMP6_REDIRECT = 137,
	NX_ICMP6_MLD2_REPORT = 143,
};

struct nx_pkt {
	union nx_addr src;
	union nx_addr dst;
	__u64 now;       /* jiffies; one reading for the whole path */
	__u32 length;    /* bytes of the frame */
	__u32 l3_end;    /* offset behind the IP packet: what follows is padding */
	__u32 l4;        /* offset of the layer 4 header, or of what a late fragment carries */
	__u32 frag_id;   /* as loaded */
	__u32 index;     /* NX_INDEX_* bits of the source */
	__be16 src_port; /* ICMP echo: the identifier */
	__be16 dst_port;
	__u16 ethertype; /* host byte order */
	__u16 vlan;      /* outer VLAN id, 0 = untagged */
	__u8 family;     /* 4, 6, 0 = not IP */
	__u8 proto;
	__u8 frag;       /* enum nx_fragment */
	__u8 hop_limit;
	__u8 tcp_flags;  /* enum nx_tcp_flag */
	__u8 icmp_type;
	__u8 icmp_code;
	bool tagged;     /* has a VLAN tag */
	bool related;    /* ICMP error that quotes a packet of a live flow */
	__u8 pad[7];     /* functions of their own take it as bytes, all of which must be written */
};

static __always_inline bool nx_is_drop(enum nx_reason reason)
{
	return reason >= NX_DROP_MALFORMED;
}

/* Entries live until the tick named by expires_at; 0 = for ever. */
static __always_inline bool nx_expired(__u64 expires_at, __u64 now)
{
	return expires_at && expires_at <= now;
}

/* Another CPU may have written `since` after this one read `now`: that is no age, not an enormous one. */
static __always_inline bool nx_older_than(__u64 since, __u64 now, __u64 age)
{
	return (__s64)(now - since) > (__s64)age;
}

static __always_inline bool nx_is_late(const struct nx_pkt *pkt)
{
	return pkt->frag & NX_FRAG_LATE;
}

/* ICMP in IPv4 or ICMPv6 in IPv6, with its header. */
static __always_inline bool nx_is_icmp(const struct nx_pkt *pkt)
{
	return pkt->proto == (pkt->family == 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6) && !nx_is_late(pkt);
}

/* RFC 4861: the hop limit proves that it comes from the link. RFC 6980: no fragment header of any kind. */
static __always_inline bool nx_is_neighbour(const struct nx_pkt *pkt)
{
	return pkt->family == 6 && pkt->proto == IPPROTO_ICMPV6 && pkt->icmp_type >= NX_ICMP6_ND_FIRST &&
	       pkt->icmp_type <= NX_ICMP6_REDIRECT && pkt->icmp_code == 0 && pkt->hop_limit == 255 && !pkt->frag;
}

static __always_inline bool nx_is_udp(const struct nx_pkt *pkt, __u16 src_port, __u16 dst_port)
{
	return pkt->proto == IPPROTO_UDP && pkt->src_port == bpf_htons(src_port) && pkt->dst_port == bpf_htons(dst_port);
}

/* fe80::/10 */
static __always_inline bool nx_is_link_local(const union nx_addr *addr)
{
	return (addr->words[0] & bpf_htonl(0xffc00000)) == bpf_htonl(0xfe800000);
}

static __always_inline bool nx_is_unspecified(const union nx_addr *addr)
{
	return !addr->halves[0] && !addr->halves[1];
}

#define NX_MLD_HOP_LIMIT 1

/* RFC 2710, RFC 3810: hop limit 1, from a link-local address or, before there is one, from :: */
static __always_inline bool nx_is_mld(const struct nx_pkt *pkt)
{
	bool type = (pkt->icmp_type >= NX_ICMP6_MLD_QUERY && pkt->icmp_type <= NX_ICMP6_MLD_DONE) ||
		    pkt->icmp_type == NX_ICMP6_MLD2_REPORT;

	return pkt->family == 6 && pkt->proto == IPPROTO_ICMPV6 && type && pkt->hop_limit == NX_MLD_HOP_LIMIT &&
	       !(pkt->frag & NX_FRAG_FIRST) && (nx_is_link_local(&pkt->src) || nx_is_unspecified(&pkt->src));
}

#endif
