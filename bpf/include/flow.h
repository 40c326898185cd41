/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracked flows, as both directions see them. Entries are changed in place and without a lock. Two CPUs may overwrite each
 * other's state, and an LRU entry may be recycled for another flow between look-up and write: at worst a flow is closed or
 * kept too early, and the host's next packet puts it right.
 */
#ifndef NETXFW_FLOW_H
#define NETXFW_FLOW_H

#include "config.h"
#include "pkt.h"

static __always_inline __u64 nx_flow_timeout(const struct nx_flow *flow, __u8 proto, const struct nx_tunables *t)
{
	switch (flow->state) {
	case NX_FLOW_SYN_SENT:
		return t->syn_timeout;
	case NX_FLOW_ESTABLISHED:
		return t->tcp_timeout;
	case NX_FLOW_FIN_WAIT:
		return t->fin_timeout;
	case NX_FLOW_UNREPLIED:
		return proto == IPPROTO_UDP ? t->udp_unreplied_timeout : t->icmp_timeout;
	default:
		return proto == IPPROTO_UDP ? t->udp_timeout : t->icmp_timeout;
	}
}

static __always_inline bool nx_flow_live(const struct nx_flow *flow, __u8 proto, const struct nx_pkt *pkt,
					 const struct nx_tunables *t)
{
	return flow->state != NX_FLOW_CLOSED && !nx_older_than(flow->last_seen, pkt->now, nx_flow_timeout(flow, proto, t));
}

/* Where the flows of a local port leave their mark. */
static __always_inline __u16 *nx_port_mark(const struct nx_flow_key *key)
{
	__u32 line = key->src_port / NX_PORT_MARKS;
	struct nx_port_marks *marks = bpf_map_lookup_elem(&port_marks, &line);

	return marks ? &marks->time[key->src_port % NX_PORT_MARKS] : NULL;
}

/* The longest that a flow of the protocol can be silent and live. */
static __always_inline __u64 nx_longest_timeout(__u8 proto, const struct nx_tunables *t)
{
	__u64 timeout = t->icmp_timeout;

	if (proto == IPPROTO_TCP) {
		timeout = t->tcp_timeout > t->syn_timeout ? t->tcp_timeout : t->syn_timeout;
		timeout = t->fin_timeout > timeout ? t->fin_timeout : timeout;
	} else if (proto == IPPROTO_UDP) {
		timeout = t->udp_timeout > t->udp_unreplied_timeout ? t->udp_timeout : t->udp_unreplied_timeout;
	}
	return timeout;
}

/*
 * Whether a live flow of this local port can exist: most packets to a server come to a port from which it opens nothing, and a
 * look-up costs them as much as everything else. A mark carries the low bits of a time, so an old one may look new again: that
 * costs a look-up, too. A live flow is never missed, because its mark is as new as its last_seen; the slack is for clocks of
 * other CPUs.
 */
static __always_inline bool nx_flow_possible(const struct nx_flow_key *key, const struct nx_pkt *pkt,
					     const struct nx_tunables *t)
{
	__u16 *mark = cfg_port_marks ? nx_port_mark(key) : NULL, age;

	if (!mark)
		return true;
	age = (pkt->now >> NX_MARK_SHIFT) + NX_MARK_SLACK - *mark;
	return age <= (nx_longest_timeout(key->proto, t) >> NX_MARK_SHIFT) + NX_MARK_SLACK + 1;
}

static __always_inline void nx_flow_leave_mark(const struct nx_flow_key *key, const struct nx_pkt *pkt)
{
	__u16 *mark = cfg_port_marks ? nx_port_mark(key) : NULL;

	if (mark)
		*mark = pkt->now >> NX_MARK_SHIFT;
}

/* At most one write a second: the cache line belongs to both directions and often to two CPUs. */
static __always_inline void nx_flow_touch(const struct nx_flow_key *key, struct nx_flow *flow, const struct nx_pkt *pkt)
{
	if (!nx_older_than(flow->last_seen, pkt->now, cfg_jiffies_per_second - 1))
		return;
	nx_flow_leave_mark(key, pkt);
	flow->last_seen = pkt->now;
}

static __always_inline void nx_flow_become(struct nx_flow *flow, __u8 state)
{
	if (flow->state != state)
		flow->state = state;
}

#endif
