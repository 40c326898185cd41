/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A flood whose packets are counted where they leave and where the filter has let them through. `flood` gives each frame a
 * source of one of the classes, counts it and sends it out; `tally` counts, behind the filter, what arrives of each class.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/pkt_cls.h>
#include <linux/types.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define CLASSES 4
#define FIRST_CLASS 64 /* 10.64.0.0/16 and the next ones */

const volatile __u32 cfg_flood_ifindex = 1;
const volatile __u64 cfg_flood_mac = 0; /* destination, in its low six bytes as they stand in the frame */

/* class -> frames sent; K writes, U reads */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, CLASSES);
	__type(key, __u32);
	__type(value, __u64);
} sent SEC(".maps");

/* class -> frames that the filter let through; K writes, U reads */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, CLASSES);
	__type(key, __u32);
	__type(value, __u64);
} arrived SEC(".maps");

static __always_inline void count(void *map, __u32 class)
{
	__u64 *frames = bpf_map_lookup_elem(map, &class);

	if (frames)
		*frames += 1;
}

SEC("xdp")
int flood(struct xdp_md *ctx)
{
	struct ethhdr *eth = (void *)(long)ctx->data;
	struct iphdr *ip = (void *)(eth + 1);
	void *end = (void *)(long)ctx->data_end;
	__u32 random = bpf_get_prandom_u32(), class = random % CLASSES;
	__u64 mac = cfg_flood_mac;

	if ((void *)(ip + 1) > end)
		return XDP_ABORTED;
	__builtin_memcpy(eth->h_dest, (const void *)&mac, sizeof(eth->h_dest));
	ip->saddr = bpf_htonl(10u << 24 | (FIRST_CLASS + class) << 16 | (random >> 8 & 0xff));
	count(&sent, class);
	return bpf_redirect(cfg_flood_ifindex, 0);
}

SEC("tc")
int tally(struct __sk_buff *skb)
{
	struct ethhdr *eth = (void *)(long)skb->data;
	struct iphdr *ip = (void *)(eth + 1);
	void *end = (void *)(long)skb->data_end;
	__u32 source;

	if ((void *)(ip + 1) > end || eth->h_proto != bpf_htons(ETH_P_IP))
		return TC_ACT_OK;
	source = bpf_ntohl(ip->saddr) >> 16;
	if (source < (10u << 8 | FIRST_CLASS) || source >= (10u << 8 | (FIRST_CLASS + CLASSES)))
		return TC_ACT_OK;
	count(&arrived, source - (10u << 8 | FIRST_CLASS));
	return TC_ACT_SHOT;
}
