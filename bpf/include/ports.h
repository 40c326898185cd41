/* SPDX-License-Identifier: GPL-2.0 */
/* The sets of ports in allowed_ports. Ports in host byte order. */
#ifndef NETXFW_PORTS_H
#define NETXFW_PORTS_H

#include "config.h"
#include "pkt.h"

static __always_inline bool nx_port_in(enum nx_port_set set, __u16 port)
{
	__u32 key = set;
	struct nx_port_bits *bits = bpf_map_lookup_elem(&allowed_ports, &key);

	return bits && bits->words[port / 64] >> port % 64 & 1;
}

static __always_inline bool nx_is_open(__u8 proto, __u16 port)
{
	if (proto == IPPROTO_TCP)
		return nx_port_in(NX_PORTS_TCP, port);
	return proto == IPPROTO_UDP && nx_port_in(NX_PORTS_UDP, port);
}

#endif
