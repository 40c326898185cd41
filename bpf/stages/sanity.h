/* SPDX-License-Identifier: GPL-2.0 */
/* Packets that cannot be honest, whoever sent them. */
#ifndef NETXFW_SANITY_H
#define NETXFW_SANITY_H

#include "../include/bogons.h"
#include "../include/config.h"
#include "../include/pkt.h"

#define NX_LOOPBACK_IFINDEX 1 /* in every network namespace */
#define NX_AF_INET 2
#define NX_AF_INET6 10
#define NX_DHCP_SERVER 67
#define NX_DHCP_CLIENT 68
#define NX_DHCP6_CLIENT 546
#define NX_DHCP6_SERVER 547

/* 127/8, 224/4, 255.255.255.255; ::1, ff00::/8 */
static __always_inline bool nx_is_impossible(const struct nx_pkt *pkt)
{
	__u32 addr = bpf_ntohl(pkt->src.words[3]);

	if (pkt->family == 4)
		return addr >> 24 == 127 || addr >> 28 == 14 || addr == 0xffffffff;
	return pkt->src.bytes[0] == 0xff || (!pkt->src.halves[0] && pkt->src.halves[1] == bpf_cpu_to_be64(1));
}

/* A link-local address of ours may be another host's on another link: a gateway is often fe80::1, and so is a bridge here. */
static __always_inline bool nx_is_own(const struct xdp_md *ctx, const struct nx_pkt *pkt)
{
	union nx_addr key = pkt->src;
	__u32 *ifindex = pkt->index & NX_INDEX_OTHER ? bpf_map_lookup_elem(&own_addrs, &key) : NULL;

	return ifindex && (*ifindex == NX_OWN_EVERYWHERE || *ifindex == ctx->ingress_ifindex);
}

static __always_inline enum nx_reason nx_anti_spoof(const struct xdp_md *ctx, const struct nx_pkt *pkt)
{
	if (pkt->src.halves[0] == pkt->dst.halves[0] && pkt->src.halves[1] == pkt->dst.halves[1])
		return NX_DROP_LAND;
	if (nx_is_impossible(pkt))
		return NX_DROP_BAD_SOURCE;
	/* A duplicate-address answer carries our own tentative address (RFC 4862 5.4). */
	if (nx_is_own(ctx, pkt) && !nx_is_neighbour(pkt))
		return NX_DROP_BAD_SOURCE;
	return NX_REASON_NONE;
}

static __always_inline bool nx_bad_flags(__u8 flags)
{
	flags &= NX_TCP_FIN | NX_TCP_SYN | NX_TCP_RST | NX_TCP_PSH | NX_TCP_ACK | NX_TCP_URG;
	if (!flags)
		return true;
	if (flags & NX_TCP_SYN && flags & (NX_TCP_FIN | NX_TCP_RST))
		return true;
	return flags & (NX_TCP_FIN | NX_TCP_PSH | NX_TCP_URG) && !(flags & NX_TCP_ACK);
}

/* RFC 2131, RFC 8415, both directions. */
static __always_inline bool nx_is_dhcp(const struct nx_pkt *pkt)
{
	if (pkt->family == 4)
		return nx_is_udp(pkt, NX_DHCP_SERVER, NX_DHCP_CLIENT) || nx_is_udp(pkt, NX_DHCP_CLIENT, NX_DHCP_SERVER);
	return nx_is_udp(pkt, NX_DHCP6_SERVER, NX_DHCP6_CLIENT) || nx_is_udp(pkt, NX_DHCP6_CLIENT, NX_DHCP6_SERVER);
}

/*
 * RFC 3704 strict: what this host would send to the source leaves over this interface. The question is asked as `lo`, because
 * bpf_fib_lookup refuses interfaces without forwarding, and a server forwards nothing; userspace turns forwarding on for `lo`
 * alone. Where the kernel does not answer, the packet has a route: an unset sysctl must not cut the host off.
 */
static __always_inline bool nx_has_route(struct xdp_md *ctx, const struct nx_pkt *pkt)
{
	struct bpf_fib_lookup fib = {.ifindex = NX_LOOPBACK_IFINDEX};
	long result;

	if (pkt->family == 4) {
		fib.family = NX_AF_INET;
		fib.ipv4_src = pkt->dst.words[3];
		fib.ipv4_dst = pkt->src.words[3];
	} else {
		fib.family = NX_AF_INET6;
		/* No ipv6_src: with a link-local or multicast address of ours the kernel would not answer. */
		__builtin_memcpy(fib.ipv6_dst, &pkt->src, sizeof(fib.ipv6_dst));
	}
	result = bpf_fib_lookup(ctx, &fib, sizeof(fib), 0);
	if (result == BPF_FIB_LKUP_RET_SUCCESS || result == BPF_FIB_LKUP_RET_NO_NEIGH)
		return fib.ifindex == ctx->ingress_ifindex;
	return result < 0 || result == BPF_FIB_LKUP_RET_FWD_DISABLED || result == BPF_FIB_LKUP_RET_UNSUPP_LWT;
}

/*
 * Sources without a route of their own: not configured yet, on the link only, or behind a VLAN's own interface. Neighbour
 * discovery cannot come from beyond the link, and a duplicate-address answer carries our own address.
 */
static __always_inline bool nx_is_routeless(const struct nx_pkt *pkt)
{
	if (pkt->tagged || nx_is_dhcp(pkt) || nx_is_neighbour(pkt))
		return true;
	if (pkt->family == 4)
		return !pkt->src.words[3];
	return nx_is_unspecified(&pkt->src) || nx_is_link_local(&pkt->src);
}

/* Before the whitelist. */
static __always_inline enum nx_reason nx_sanity(struct xdp_md *ctx, const struct nx_pkt *pkt)
{
	enum nx_reason reason;

	/* ::ffff:a.b.c.d is how IPv4 addresses stand in the maps. */
	if (pkt->family == 6 && !pkt->src.halves[0] && pkt->src.words[2] == bpf_htonl(0xffff))
		return NX_DROP_BAD_SOURCE;
	if (cfg_anti_spoof) {
		reason = nx_anti_spoof(ctx, pkt);
		if (reason)
			return reason;
	}
	if (cfg_drop_fragments && pkt->frag)
		return NX_DROP_FRAGMENT;
	if (cfg_strict_tcp && pkt->proto == IPPROTO_TCP && !nx_is_late(pkt) && nx_bad_flags(pkt->tcp_flags))
		return NX_DROP_TCP_FLAGS;
	if (cfg_anti_spoof == NX_ANTI_SPOOF_STRICT && !nx_is_routeless(pkt) && !nx_has_route(ctx, pkt))
		return NX_DROP_REVERSE_PATH;
	return NX_REASON_NONE;
}

/* After it: whoever is listed by hand is no bogon. */
static __always_inline enum nx_reason nx_bogon(const struct nx_pkt *pkt)
{
	bool bogon;

	if (!cfg_bogon_filter)
		return NX_REASON_NONE;
	bogon = pkt->family == 4 ? nx_is_bogon4(bpf_ntohl(pkt->src.words[3])) : nx_is_bogon6(&pkt->src);
	return bogon && !nx_is_neighbour(pkt) && !nx_is_dhcp(pkt) ? NX_DROP_BOGON : NX_REASON_NONE;
}

#endif
