/* SPDX-License-Identifier: GPL-2.0 */
/* What a host cannot live without, and what remains when nothing has decided. */
#ifndef NETXFW_POLICY_H
#define NETXFW_POLICY_H

#include "../include/ports.h"
#include "sanity.h"

static __always_inline bool nx_is_dhcp_reply(const struct nx_pkt *pkt)
{
	if (pkt->family == 4)
		return nx_is_udp(pkt, NX_DHCP_SERVER, NX_DHCP_CLIENT);
	return nx_is_udp(pkt, NX_DHCP6_SERVER, NX_DHCP6_CLIENT) && nx_is_link_local(&pkt->src);
}

static __always_inline enum nx_reason nx_essential(const struct nx_pkt *pkt)
{
	if (!cfg_default_deny)
		return NX_REASON_NONE;
	if (nx_is_neighbour(pkt))
		return NX_PASS_NEIGHBOUR;
	if (nx_is_mld(pkt))
		return NX_PASS_MLD;
	if (cfg_allow_dhcp && nx_is_dhcp_reply(pkt))
		return NX_PASS_DHCP;
	if (pkt->proto == IPPROTO_TCP && nx_port_in(NX_PORTS_FAILSAFE_TCP, bpf_ntohs(pkt->dst_port)))
		return NX_PASS_FAILSAFE;
	return NX_REASON_NONE;
}

/* A redirect changes this host's routes: never by default. */
static __always_inline bool nx_is_harmless_icmp(const struct nx_pkt *pkt)
{
	return nx_is_icmp(pkt) && pkt->icmp_type != (pkt->family == 4 ? NX_ICMP_REDIRECT : NX_ICMP6_REDIRECT);
}

static __always_inline enum nx_reason nx_policy(const struct nx_pkt *pkt, const struct nx_tunables *t)
{
	if (!cfg_default_deny)
		return NX_PASS_DEFAULT;
	if (nx_is_open(pkt->proto, bpf_ntohs(pkt->dst_port)))
		return NX_PASS_PORT;
	if (cfg_allow_icmp && nx_is_harmless_icmp(pkt))
		return NX_PASS_ICMP;
	if (t->allowed_protocols[pkt->proto / 64] >> pkt->proto % 64 & 1)
		return NX_PASS_PROTOCOL;
	return NX_DROP_DEFAULT;
}

#endif
