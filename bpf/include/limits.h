/* SPDX-License-Identifier: GPL-2.0 */
/* Every bound of the program has its name here. */
#ifndef NETXFW_LIMITS_H
#define NETXFW_LIMITS_H

#define NX_MAX_VLAN_TAGS 2
#define NX_MAX_EXT_HEADERS 8

/* ::ffff:0:0/96, in which IPv4 addresses stand in the maps */
#define NX_V4_PREFIX 96

/* where a layer 4 header may begin; the verifier refuses packet offsets over 65535 */
#define NX_MAX_OFFSET 0x7fff

/* bytes of an outgoing packet that must be linear: Ethernet, IPv4 without options, TCP without options */
#define NX_EGRESS_LINEAR 54

/* look-ups in one prefix list for one packet; more than one only when the longest entries have expired */
#define NX_MAX_NESTED 8

/* units by which a CPU's clock may lag behind a mark of another one */
#define NX_MARK_SLACK 2

/* attempts to change a bucket that other CPUs change at the same time */
#define NX_MAX_CAS 8

/* jmp_table: the core, the common exit, plugins */
#define NX_SLOT_CORE 0
#define NX_SLOT_EXIT 1
#define NX_SLOT_PLUGIN 2
#define NX_SLOTS 16

/* src_index4: 2^24 blocks, 256 to a 64-byte line */
#define NX_INDEX4_LINES (1 << 16)

/* src_touched4: a bit for each block, 512 to a line */
#define NX_TOUCHED4_LINES (1 << 15)

/* src_index6: 2^22 nibbles, 128 to a line */
#define NX_INDEX6_LINES (1 << 15)

/* port_marks: 2^16 marks, 32 to a line */
#define NX_PORT_MARK_LINES (1 << 11)

/* port_classes: 2^16 classes, 32 to a line */
#define NX_PORT_CLASS_LINES (1 << 11)

#endif
