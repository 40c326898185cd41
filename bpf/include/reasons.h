/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Why a packet got its verdict. The numbers are ABI: they index the `stats` map, travel in events and stand in
 * dashboards. Append only; never renumber, never reuse. src/model/reasons.ts mirrors this table, a test compares them.
 */
#ifndef NETXFW_REASONS_H
#define NETXFW_REASONS_H

enum nx_reason {
	NX_REASON_NONE = 0,

	NX_PASS_DEFAULT = 1,     /* default policy is allow */
	NX_PASS_WHITELIST = 2,   /* source is whitelisted */
	NX_PASS_CONNTRACK = 3,   /* reply to a tracked outgoing flow */
	NX_PASS_RELATED = 4,     /* ICMP error quoting a tracked flow */
	NX_PASS_RULE = 5,        /* ip+port rule allows */
	NX_PASS_PORT = 6,        /* destination port is open */
	NX_PASS_ICMP = 7,        /* ICMP allowed under default deny */
	NX_PASS_PROTOCOL = 8,    /* protocol allowed under default deny */
	NX_PASS_NEIGHBOUR = 9,   /* IPv6 neighbour discovery, RFC 4861 */
	NX_PASS_MLD = 10,        /* multicast listener discovery, RFC 2710, RFC 3810 */
	NX_PASS_DHCP = 11,       /* DHCP reply to this host */
	NX_PASS_FAILSAFE = 12,   /* failsafe port */
	NX_PASS_ARP = 13,        /* ARP */
	NX_PASS_NON_IP = 14,     /* EtherType other than ARP, IPv4, IPv6 */
	NX_PASS_FRAGMENT = 15,   /* later fragment of a passed first fragment */
	NX_PASS_PLUGIN = 16,     /* a plugin decided */

	NX_DROP_MALFORMED = 32,       /* truncated or lying header */
	NX_DROP_TCP_FLAGS = 33,       /* impossible TCP flag combination */
	NX_DROP_LAND = 34,            /* source equals destination */
	NX_DROP_BAD_SOURCE = 35,      /* source that no packet from the wire can have */
	NX_DROP_FRAGMENT = 36,        /* fragments are switched off */
	NX_DROP_BOGON = 37,           /* special-purpose source address */
	NX_DROP_REVERSE_PATH = 38,    /* no route back over this interface, RFC 3704 */
	NX_DROP_DYNAMIC = 39,         /* source is in the dynamic blacklist */
	NX_DROP_DENIED_HOST = 40,     /* source host is denied */
	NX_DROP_DENIED_NETWORK = 41,  /* source network is denied */
	NX_DROP_RATE_LIMIT = 42,      /* source is over its rate */
	NX_DROP_SYN_LIMIT = 43,       /* source is over its SYN budget */
	NX_DROP_ICMP_LIMIT = 44,      /* the shared ICMP budget is used up */
	NX_DROP_RULE = 45,            /* ip+port rule denies */
	NX_DROP_DEFAULT = 46,         /* default policy is deny */
	NX_DROP_LATE_FRAGMENT = 47,   /* later fragment whose first was dropped */
	NX_DROP_ETHERTYPE = 48,       /* strict_protocol: EtherType not allowed */
	NX_DROP_PLUGIN = 49,          /* a plugin decided */
	NX_DROP_VLAN_DEPTH = 50,      /* more than two VLAN tags */
	NX_DROP_EXT_HEADERS = 51,     /* IPv6 extension header chain over the bound */

	NX_REASON_MAX = 64,
};

#endif
