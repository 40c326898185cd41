/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Plugins: programs of your own in front of the firewall. A plugin is one C file:
 *
 *     #include <netxfw_plugin.h>
 *
 *     NETXFW_PLUGIN(my_plugin)
 *     {
 *             struct nx_frame frame = netxfw_frame(ctx);
 *             struct nx_pkt pkt = {};
 *
 *             if (netxfw_parse(&frame, &pkt) == NX_REASON_NONE && pkt.proto == IPPROTO_SCTP)
 *                     return netxfw_drop(ctx);
 *             return netxfw_next(ctx);
 *     }
 *
 * It is loaded into one of the slots 2..15 of jmp_table; slots run in ascending order, before anything else looks at the packet,
 * and see every frame as it came, VLAN tags and all. Each plugin ends in one of three ways:
 *
 *     netxfw_next(ctx)  goes on: the next plugin, then the whole path of the firewall
 *     netxfw_pass(ctx)  ends it: passed, counted and reported as `plugin`
 *     netxfw_drop(ctx)  ends it: dropped, counted and reported as `plugin`; monitor mode passes it
 *
 * A plugin must not move the frame's ends. Maps of its own are its own affair. It costs nothing while none is loaded.
 * Build: clang -O2 -g -target bpf -mcpu=v3 -I<this directory> -c my.bpf.c -o my.bpf.o. Kernel 5.12 or later.
 */
#ifndef NETXFW_PLUGIN_H
#define NETXFW_PLUGIN_H

#include "plugin_maps.h"
#include "pkt.h"
#include "../stages/parse.h"

char LICENSE[] SEC("license") = "GPL";

/* Written by the loader: the slot it goes to, and whether the kernel has bpf_xdp_get_buff_len (5.18). */
const volatile __u32 netxfw_slot = NX_SLOT_PLUGIN;
const volatile bool netxfw_frags = true;

#define NETXFW_PLUGIN(name) \
	SEC("xdp")          \
	int name(struct xdp_md *ctx)

/* The bytes that can be read directly: all of a normal frame, the first buffer of a jumbo frame. */
static __always_inline struct nx_frame netxfw_frame(struct xdp_md *ctx)
{
	struct nx_frame frame = {.data = (void *)(long)ctx->data, .end = (void *)(long)ctx->data_end};

	frame.length = frame.end - frame.data;
	frame.xdp = netxfw_frags ? ctx : NULL;
	return frame;
}

/*
 * Fills pkt, which must be zeroed: addresses, protocol, ports, flags, and pkt->l4, the offset of the layer 4 header.
 * NX_REASON_NONE: an IP packet; anything else: what the firewall itself would say to the frame (not IP, malformed).
 */
static __always_inline enum nx_reason netxfw_parse(struct nx_frame *frame, struct nx_pkt *pkt)
{
	return nx_parse(frame, pkt);
}

/* `size` readable bytes at `offset` of the frame, or NULL. */
static __always_inline void *netxfw_at(const struct nx_frame *frame, __u32 offset, __u32 size)
{
	return nx_at(frame, offset, size);
}

/* A tail call returns only when its slot is empty. Without a core the frame is aborted: no filter, no way in. */
static __always_inline int netxfw_next(struct xdp_md *ctx)
{
#pragma unroll
	for (__u32 slot = NX_SLOT_PLUGIN + 1; slot < NX_SLOTS; slot++)
		if (slot > netxfw_slot)
			bpf_tail_call(ctx, &jmp_table, slot);
	bpf_tail_call(ctx, &jmp_table, NX_SLOT_CORE);
	return XDP_ABORTED;
}

static __always_inline int netxfw_decide(struct xdp_md *ctx, enum nx_action action)
{
	__u32 key = 0;
	struct nx_plugin_verdict *verdict = bpf_map_lookup_elem(&plugin_verdict, &key);

	if (verdict) {
		verdict->action = action;
		verdict->slot = netxfw_slot;
	}
	bpf_tail_call(ctx, &jmp_table, NX_SLOT_EXIT);
	return action == NX_ACTION_ALLOW ? XDP_PASS : XDP_DROP;
}

static __always_inline int netxfw_pass(struct xdp_md *ctx)
{
	return netxfw_decide(ctx, NX_ACTION_ALLOW);
}

static __always_inline int netxfw_drop(struct xdp_md *ctx)
{
	return netxfw_decide(ctx, NX_ACTION_DENY);
}

#endif
