/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sources that nobody on the public Internet has: what the IANA special-purpose address registries mark as not globally
 * reachable (as of October 2025), and the unspecified, loopback and multicast blocks. fe80::/10 is left out: a neighbour's address is
 * no bogon. One line each: network, prefix length, source; test/model reads the lines.
 */
#ifndef NETXFW_BOGONS_H
#define NETXFW_BOGONS_H

#include "pkt.h"

/* NX_BOGON4(a, b, c, d, length) */
#define NX_BOGONS4                                                                                             \
	NX_BOGON4(0, 0, 0, 0, 8)       /* RFC 791: this network */                                             \
	NX_BOGON4(10, 0, 0, 0, 8)      /* RFC 1918: private use */                                             \
	NX_BOGON4(100, 64, 0, 0, 10)   /* RFC 6598: shared address space */                                    \
	NX_BOGON4(127, 0, 0, 0, 8)     /* RFC 1122: loopback */                                                \
	NX_BOGON4(169, 254, 0, 0, 16)  /* RFC 3927: link local */                                              \
	NX_BOGON4(172, 16, 0, 0, 12)   /* RFC 1918: private use */                                             \
	NX_BOGON4(192, 0, 0, 0, 24)    /* RFC 6890: IETF protocol assignments */                               \
	NX_BOGON4(192, 0, 2, 0, 24)    /* RFC 5737: documentation */                                           \
	NX_BOGON4(192, 168, 0, 0, 16)  /* RFC 1918: private use */                                             \
	NX_BOGON4(198, 18, 0, 0, 15)   /* RFC 2544: benchmarking */                                            \
	NX_BOGON4(198, 51, 100, 0, 24) /* RFC 5737: documentation */                                           \
	NX_BOGON4(203, 0, 113, 0, 24)  /* RFC 5737: documentation */                                           \
	NX_BOGON4(224, 0, 0, 0, 4)     /* RFC 5771: multicast */                                               \
	NX_BOGON4(240, 0, 0, 0, 4)     /* RFC 1112: reserved; RFC 919: limited broadcast */

/* NX_BOGON6(first 32 bits, second 32 bits, length), lengths up to 64 */
#define NX_BOGONS6                                                                                             \
	NX_BOGON6(0x0064ff9b, 0x00010000, 48) /* RFC 8215: 64:ff9b:1::/48, local-use translation */            \
	NX_BOGON6(0x01000000, 0x00000000, 64) /* RFC 6666: 100::/64, discard only */                           \
	NX_BOGON6(0x01000000, 0x00000001, 64) /* RFC 9780: 100:0:0:1::/64, dummy prefix */                     \
	NX_BOGON6(0x20010002, 0x00000000, 48) /* RFC 5180: 2001:2::/48, benchmarking */                        \
	NX_BOGON6(0x20010010, 0x00000000, 28) /* RFC 4843: 2001:10::/28, ORCHID */                             \
	NX_BOGON6(0x20010db8, 0x00000000, 32) /* RFC 3849: 2001:db8::/32, documentation */                     \
	NX_BOGON6(0x3fff0000, 0x00000000, 20) /* RFC 9637: 3fff::/20, documentation */                         \
	NX_BOGON6(0x5f000000, 0x00000000, 16) /* RFC 9602: 5f00::/16, segment routing identifiers */           \
	NX_BOGON6(0xfc000000, 0x00000000, 7)  /* RFC 4193: fc00::/7, unique local */                           \
	NX_BOGON6(0xff000000, 0x00000000, 8)  /* RFC 4291: ff00::/8, multicast */

/* First octets that a network of the table begins with: all others are told by one look, L1-hot. */
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Winitializer-overrides"
static const __u8 nx_bogon_octets[256] = {
#define NX_BOGON4(a, b, c, d, length) [a ... (length) < 8 ? (a) + (1 << ((8 - (length)) & 7)) - 1 : (a)] = 1,
	NX_BOGONS4
#undef NX_BOGON4
};
#pragma clang diagnostic pop

static __always_inline bool nx_is_bogon4(__u32 addr)
{
	if (!nx_bogon_octets[addr >> 24])
		return false;
#define NX_BOGON4(a, b, c, d, length) \
	if (addr >> (32 - (length)) == (((__u32)(a) << 24 | (b) << 16 | (c) << 8 | (d)) >> (32 - (length)))) \
		return true;
	NX_BOGONS4
#undef NX_BOGON4
	return false;
}

/* ::/128 and ::1/128 (RFC 4291) are the two that end behind the 64th bit. */
static __always_inline bool nx_is_bogon6(const union nx_addr *addr)
{
	__u64 high = bpf_be64_to_cpu(addr->halves[0]), low = bpf_be64_to_cpu(addr->halves[1]);

	if (!high && low <= 1)
		return true;
#define NX_BOGON6(first, second, length) \
	if (high >> (64 - (length)) == ((__u64)(first) << 32 | (second)) >> (64 - (length))) \
		return true;
	NX_BOGONS6
#undef NX_BOGON6
	return false;
}

#endif
