/* SPDX-License-Identifier: GPL-2.0 */
/* The one exit: every verdict is counted here, once, by reason; some are reported. */
#ifndef NETXFW_ACCOUNT_H
#define NETXFW_ACCOUNT_H

#include "../include/bucket.h"
#include "../include/explain.h"
#include "../include/pkt.h"

#define NX_U16_MAX 65535

/*
 * Each reason has its own budget of events, so that a flood of one hides no other. Time is the packet's jiffy, in ticks.
 */
static __always_inline bool nx_event_budget(const struct nx_pkt *pkt, enum nx_reason reason, const struct nx_tunables *t)
{
	__u32 key = reason;
	struct nx_shared_bucket *bucket = bpf_map_lookup_elem(&shared_buckets, &key);

	return bucket && nx_bucket_take(&bucket->time, pkt->now * cfg_ticks_per_jiffy, t->event_cost, t->event_depth);
}

/* Whether asking for the budget can succeed: of a flood nearly every packet ends here, by one comparison. */
static __always_inline bool nx_event_affordable(const struct nx_pkt *pkt, enum nx_reason reason,
						const struct nx_tunables *t)
{
	__u32 key = reason;
	struct nx_shared_bucket *bucket = bpf_map_lookup_elem(&shared_buckets, &key);

	return bucket && bucket->time + t->event_cost <= pkt->now * cfg_ticks_per_jiffy + t->event_depth;
}

/* The frame's first bytes. Needs bpf_xdp_load_bytes, which reads across the frame's buffers. */
static __always_inline void nx_capture(struct xdp_md *ctx, const struct nx_pkt *pkt, struct nx_event *event)
{
	__u32 size = pkt->length < NX_EVENT_SNAP ? pkt->length : NX_EVENT_SNAP;

	event->captured = 0;
	if (size >= ETH_HLEN && !bpf_xdp_load_bytes(ctx, 0, event->data, size))
		event->captured = size;
}

static __always_inline void nx_fill_event(struct xdp_md *ctx, const struct nx_pkt *pkt, enum nx_reason reason,
					  struct nx_event *event)
{
	event->time_ns = bpf_ktime_get_ns();
	event->src = pkt->src;
	event->dst = pkt->dst;
	event->src_port = pkt->src_port;
	event->dst_port = pkt->dst_port;
	event->length = pkt->length < NX_U16_MAX ? pkt->length : NX_U16_MAX;
	event->captured = 0;
	event->ifindex = ctx->ingress_ifindex;
	event->ethertype = pkt->ethertype;
	event->vlan = pkt->vlan;
	event->verdict = nx_is_drop(reason) ? XDP_DROP : XDP_PASS;
	event->reason = reason;
	event->proto = pkt->proto;
	event->family = pkt->family;
	event->tcp_flags = pkt->tcp_flags;
	event->icmp_type = pkt->icmp_type;
	event->monitor = cfg_monitor && nx_is_drop(reason);
	event->pad = 0;
}

static __always_inline void nx_lost_event(void)
{
	__u32 key = 0;
	__u64 *lost = bpf_map_lookup_elem(&events_lost, &key);

	if (lost)
		(*lost)++;
}

/*
 * `counted`: packets of this reason on this CPU, this one included. Global, so that the verifier judges it once, and the way
 * without events keeps its registers.
 */
__noinline int nx_report(struct xdp_md *ctx, struct nx_pkt *pkt, __u32 reason, __u64 counted)
{
	const struct nx_tunables *t = nx_tunables();
	struct nx_event *event;

	if (!pkt || !t)
		return 0;
	if (!nx_is_drop(reason) && (!t->event_sample_passes || counted % t->event_sample_passes))
		return 0;
	if (!nx_event_budget(pkt, reason, t))
		return 0;
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) {
		nx_lost_event();
		return 0;
	}
	nx_fill_event(ctx, pkt, reason, event);
	if (cfg_frags && t->events_capture)
		nx_capture(ctx, pkt, event);
	bpf_ringbuf_submit(event, 0);
	return 0;
}

static __always_inline bool nx_wants_report(const struct nx_pkt *pkt, enum nx_reason reason)
{
	const struct nx_tunables *t = nx_tunables();

	if (!t)
		return false;
	return nx_is_drop(reason) ? nx_event_affordable(pkt, reason, t) : t->event_sample_passes;
}

static __always_inline int nx_account(struct xdp_md *ctx, struct nx_pkt *pkt, enum nx_reason reason)
{
	bool would_drop = cfg_monitor && nx_is_drop(reason);
	__u32 key = would_drop ? reason + NX_REASON_MAX : reason;
	struct nx_counter *counter;

	if (cfg_explain) {
		nx_explain_end(pkt, reason);
		return nx_is_drop(reason) ? XDP_DROP : XDP_PASS;
	}
	counter = bpf_map_lookup_elem(&stats, &key);
	if (counter) {
		counter->packets++;
		counter->bytes += pkt->length;
		if (cfg_events && nx_wants_report(pkt, reason))
			nx_report(ctx, pkt, reason, counter->packets);
	}
	return nx_is_drop(reason) && !would_drop ? XDP_DROP : XDP_PASS;
}

#endif
