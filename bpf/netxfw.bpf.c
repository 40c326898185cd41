/* SPDX-License-Identifier: GPL-2.0 */
/* The packet's path. docs/explanation/packet-path.md says what each stage decides. */
#include "include/pkt.h"
#include "include/maps.h"
#include "include/config.h"
#include "stages/parse.h"
#include "stages/sanity.h"
#include "stages/allow.h"
#include "stages/deny.h"
#include "stages/limit.h"
#include "stages/fragment.h"
#include "stages/conntrack.h"
#include "stages/rules.h"
#include "stages/policy.h"
#include "stages/account.h"
#include "stages/egress.h"

char LICENSE[] SEC("license") = "GPL";

/* Who sends it? These verdicts hold for every packet of the source. */
static __always_inline enum nx_reason nx_judge_source(struct xdp_md *ctx, struct nx_pkt *pkt, const struct nx_tunables *t)
{
	pkt->index = nx_source_index(pkt, t);
	return nx_sanity(ctx, pkt)
	    ?: nx_allow(pkt)
	    ?: nx_bogon(pkt)
	    ?: nx_deny_dynamic(pkt, t)
	    ?: nx_deny(pkt, t);
}

/* What is it? Always ends in a verdict, and later fragments share that of their first one. */
static __always_inline enum nx_reason nx_judge_packet(struct xdp_md *ctx, struct nx_pkt *pkt, const struct nx_tunables *t)
{
	enum nx_reason reason;

	pkt->related = cfg_conntrack && nx_is_error(pkt) && nx_find_related(ctx, pkt);
	reason = nx_limit(pkt, t)
	      ?: nx_late_fragment(pkt, t)
	      ?: nx_conntrack(pkt, t)
	      ?: nx_rules(pkt, t)
	      ?: nx_essential(pkt)
	      ?: nx_policy(pkt, t);
	nx_remember_fragment(pkt, reason);
	return reason;
}

static __always_inline enum nx_reason nx_judge(struct xdp_md *ctx, struct nx_frame *frame, struct nx_pkt *pkt)
{
	const struct nx_tunables *t = nx_tunables();
	enum nx_reason reason = nx_parse(frame, pkt);

	pkt->length = frame->length;
	if (reason == NX_PASS_NON_IP && cfg_strict_protocol)
		return NX_DROP_ETHERTYPE;
	if (reason)
		return reason;
	if (!t) /* an array always has its element; a program that cannot read its policy lets nothing in */
		return NX_DROP_DEFAULT;
	return nx_judge_source(ctx, pkt, t) ?: nx_judge_packet(ctx, pkt, t);
}

static __always_inline void nx_begin(struct xdp_md *ctx, struct nx_frame *frame, struct nx_pkt *pkt)
{
	frame->data = (void *)(long)ctx->data;
	frame->end = (void *)(long)ctx->data_end;
	frame->length = frame->end - frame->data;
	frame->xdp = cfg_frags ? ctx : NULL;
	frame->sent = false;
	pkt->now = bpf_jiffies64();
	if (cfg_explain)
		nx_explain_begin();
}

static __always_inline int nx_run(struct xdp_md *ctx)
{
	struct nx_pkt pkt = {};
	struct nx_frame frame;

	nx_begin(ctx, &frame, &pkt);
	return nx_account(ctx, &pkt, nx_judge(ctx, &frame, &pkt));
}

/* What is attached. Plugins come first; the last of them goes on to slot 0. */
SEC("xdp")
int netxfw(struct xdp_md *ctx)
{
	if (cfg_plugins) {
#pragma unroll
		for (__u32 slot = NX_SLOT_PLUGIN; slot < NX_SLOTS; slot++)
			bpf_tail_call(ctx, &jmp_table, slot);
	}
	return nx_run(ctx);
}

/* Slot 0: behind the plugins. */
SEC("xdp")
int netxfw_core(struct xdp_md *ctx)
{
	return nx_run(ctx);
}

/* Slot 1: a plugin has decided. */
SEC("xdp")
int netxfw_exit(struct xdp_md *ctx)
{
	__u32 key = 0;
	struct nx_plugin_verdict *verdict = bpf_map_lookup_elem(&plugin_verdict, &key);
	bool allow = verdict && verdict->action == NX_ACTION_ALLOW;
	struct nx_pkt pkt = {};
	struct nx_frame frame;

	nx_begin(ctx, &frame, &pkt);
	nx_parse(&frame, &pkt);
	pkt.length = frame.length;
	return nx_account(ctx, &pkt, allow ? NX_PASS_PLUGIN : NX_DROP_PLUGIN);
}

/*
 * What this host sends. Headers lie in the linear part of nearly every packet; where they do not (data handed to the kernel by
 * reference), they are pulled in. -1 goes on to the next program, both for TCX (TCX_NEXT) and for clsact (TC_ACT_UNSPEC).
 */
SEC("tc")
int netxfw_egress(struct __sk_buff *skb)
{
	const struct nx_tunables *t = nx_tunables();
	struct nx_frame frame;
	struct nx_pkt pkt = {};

	if (skb->data_end - skb->data < NX_EGRESS_LINEAR && skb->len > skb->data_end - skb->data)
		bpf_skb_pull_data(skb, skb->len < NX_EGRESS_LINEAR ? skb->len : NX_EGRESS_LINEAR);
	frame.data = (void *)(long)skb->data;
	frame.end = (void *)(long)skb->data_end;
	frame.length = skb->len;
	frame.xdp = NULL;
	frame.sent = true;
	pkt.now = bpf_jiffies64();
	if (t && cfg_conntrack && !nx_parse(&frame, &pkt))
		nx_egress(&pkt, t);
	return -1;
}
