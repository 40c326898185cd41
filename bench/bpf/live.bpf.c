/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Live traffic: `transmit` stands behind `mix` in a live-frame TEST_RUN and sends the frame out of an interface. `drop_all` and
 * `pass_all` are the baselines at the other end of the cable; `sink` is where forwarded packets end.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/types.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

const volatile __u32 cfg_live_ifindex = 1;
const volatile __u64 cfg_live_mac = 0; /* destination of every frame, in its low six bytes as they stand in the frame */

#define LIVE_TTL 64

/* 0 -> frames that have reached the sink; K writes, U reads */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} sunk SEC(".maps");

/* RFC 791 3.1, over a header without options. The kernel's own filters never see a packet whose checksum is wrong. */
static __always_inline void set_checksum(struct iphdr *ip)
{
	const __u16 *words = (const __u16 *)ip;
	__u32 sum = 0;

	ip->check = 0;
#pragma unroll
	for (int i = 0; i < 10; i++)
		sum += words[i];
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	ip->check = ~sum;
}

SEC("xdp")
int transmit(struct xdp_md *ctx)
{
	struct ethhdr *eth = (void *)(long)ctx->data;
	void *end = (void *)(long)ctx->data_end;
	struct iphdr *ip = (void *)(eth + 1);
	__u64 mac = cfg_live_mac;

	if ((void *)(ip + 1) > end)
		return XDP_ABORTED;
	/* Frames come back from where they went, as whoever forwarded them has left them. */
	__builtin_memcpy(eth->h_dest, (const void *)&mac, sizeof(eth->h_dest));
	if (eth->h_proto == bpf_htons(ETH_P_IP)) {
		ip->ttl = LIVE_TTL;
		set_checksum(ip);
	}
	return bpf_redirect(cfg_live_ifindex, 0);
}

SEC("xdp")
int drop_all(__attribute__((unused)) struct xdp_md *ctx)
{
	return XDP_DROP;
}

SEC("xdp")
int pass_all(__attribute__((unused)) struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("xdp")
int sink(struct xdp_md *ctx)
{
	struct ethhdr *eth = (void *)(long)ctx->data;
	__u32 key = 0;
	__u64 *count = bpf_map_lookup_elem(&sunk, &key);

	if (count && (void *)(eth + 1) <= (void *)(long)ctx->data_end && eth->h_proto == bpf_htons(ETH_P_IP))
		(*count)++;
	return XDP_DROP;
}
