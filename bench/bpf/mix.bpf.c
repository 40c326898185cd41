/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Traffic for TEST_RUN: `mix` gives the packet a new source each time and tail-calls `next[0]`, so that no run measures a warm
 * cache. `parse_only` is the baseline: it reads what any filter has to read, and passes.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/types.h>
#include <linux/udp.h>
#include <stddef.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

enum mix_mode {
	MIX_NONE = 0,
	MIX_RANDOM = 1, /* any unicast IPv4 source, or any IPv6 source of 2000::/3 */
	MIX_LISTED = 2, /* IPv4: one of mix_sources4, IPv6: one of mix_sources [0 .. cfg_mix_sources - 1] */
	MIX_PORTS = 3,  /* one of mix_sources, with its ports */
};

const volatile __u32 cfg_mix_mode = MIX_RANDOM;
const volatile __u32 cfg_mix_sources = 1;

struct mix_source {
	__u32 words[4]; /* as loaded; IPv4 in the last */
	__be16 src_port;
	__be16 dst_port;
	__u32 pad;
};

/* mmapable arrays pad their values to 8 bytes, so sixteen addresses share one */
struct mix_sources4_line {
	__be32 addr[16];
};

/* index -> source; U writes, K reads */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct mix_source);
} mix_sources SEC(".maps");

/* index -> IPv4 source, as loaded; U writes, K reads. As small as can be: what the mixing touches is not under test. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct mix_sources4_line);
} mix_sources4 SEC(".maps");

/* 0 -> the program under test; U writes */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} next SEC(".maps");

__u32 mix_cursor;

/*
 * One after the other, and the list is in random order: the processor fetches ahead what it reads in order. A random pick would
 * miss the caches once more for each packet, which the baseline hides and a program that waits for the address does not.
 */
static __always_inline __u32 pick_index(void)
{
	__u32 index = mix_cursor;

	mix_cursor = index + 1 < cfg_mix_sources ? index + 1 : 0;
	return index;
}

static __always_inline struct mix_source *pick(void)
{
	__u32 key = pick_index();

	return bpf_map_lookup_elem(&mix_sources, &key);
}

static __always_inline __be32 *pick4(void)
{
	__u32 index = pick_index(), key = index / 16;
	struct mix_sources4_line *line = bpf_map_lookup_elem(&mix_sources4, &key);

	return line ? &line->addr[index % 16] : NULL;
}

static __always_inline void mix4(struct ethhdr *eth, void *end)
{
	struct iphdr *ip = (void *)(eth + 1);
	struct udphdr *ports = (void *)(ip + 1);
	struct mix_source *source;
	__be32 *listed;
	__u32 address;

	if ((void *)(ports + 1) > end)
		return;
	if (cfg_mix_mode == MIX_LISTED) {
		listed = pick4();
		if (listed)
			ip->saddr = *listed;
		return;
	}
	if (cfg_mix_mode == MIX_RANDOM) {
		address = bpf_get_prandom_u32();
		/* 1.0.0.0 .. 223.255.255.255, 127/8 left out: an impossible source would leave the path early */
		address = address % (222u << 24) + (1u << 24);
		if (address >> 24 == 127)
			address += 1u << 24;
		ip->saddr = bpf_htonl(address);
		return;
	}
	source = pick();
	if (!source)
		return;
	ip->saddr = source->words[3];
	ports->source = source->src_port;
	ports->dest = source->dst_port;
}

static __always_inline void mix6(struct ethhdr *eth, void *end)
{
	struct ipv6hdr *ip = (void *)(eth + 1);
	struct udphdr *ports = (void *)(ip + 1);
	struct mix_source *source;

	if ((void *)(ports + 1) > end)
		return;
	if (cfg_mix_mode == MIX_RANDOM) {
		__u32 random = bpf_get_prandom_u32();

		ip->saddr.s6_addr32[0] = bpf_htonl(0x20000000 | random >> 3);
		ip->saddr.s6_addr32[1] = bpf_get_prandom_u32();
		ip->saddr.s6_addr32[3] = random;
		return;
	}
	source = pick();
	if (!source)
		return;
	__builtin_memcpy(&ip->saddr, source->words, sizeof(ip->saddr));
	if (cfg_mix_mode == MIX_PORTS) {
		ports->source = source->src_port;
		ports->dest = source->dst_port;
	}
}

SEC("xdp")
int mix(struct xdp_md *ctx)
{
	struct ethhdr *eth = (void *)(long)ctx->data;
	void *end = (void *)(long)ctx->data_end;

	if ((void *)(eth + 1) > end)
		return XDP_ABORTED;
	if (cfg_mix_mode != MIX_NONE) {
		if (eth->h_proto == bpf_htons(ETH_P_IP))
			mix4(eth, end);
		else if (eth->h_proto == bpf_htons(ETH_P_IPV6))
			mix6(eth, end);
	}
	bpf_tail_call(ctx, &next, 0);
	return XDP_ABORTED;
}

SEC("xdp")
int parse_only(struct xdp_md *ctx)
{
	struct ethhdr *eth = (void *)(long)ctx->data;
	void *end = (void *)(long)ctx->data_end;
	struct ipv6hdr *ip6;
	struct iphdr *ip;

	if ((void *)(eth + 1) > end)
		return XDP_DROP;
	if (eth->h_proto == bpf_htons(ETH_P_IP)) {
		ip = (void *)(eth + 1);
		if ((void *)(ip + 1) > end || ip->version != 4 || ip->ihl < 5)
			return XDP_DROP;
		return ip->saddr ? XDP_PASS : XDP_DROP;
	}
	ip6 = (void *)(eth + 1);
	if ((void *)(ip6 + 1) > end || ip6->version != 6)
		return XDP_DROP;
	return ip6->saddr.s6_addr32[0] ? XDP_PASS : XDP_DROP;
}
