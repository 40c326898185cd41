/* SPDX-License-Identifier: GPL-2.0 */
/* Counts DNS queries over UDP by query type (RFC 1035 4.1), and goes on with every packet. */
#include <netxfw_plugin.h>

#define DNS_PORT 53
#define DNS_RESPONSE 0x8000
#define DNS_TYPES 256
#define DNS_MAX_LABELS 32

struct dns_header {
	__be16 id;
	__be16 flags;
	__be16 questions;
	__be16 answers;
	__be16 authorities;
	__be16 additionals;
};

/* query type (255: ANY, and everything above) -> queries; K writes, U reads */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, DNS_TYPES);
	__type(key, __u32);
	__type(value, __u64);
} dns_queries SEC(".maps");

/* The type of the first question, -1 when there is none to be read. */
static __always_inline int query_type(const struct nx_frame *frame, __u32 offset)
{
	struct dns_header *dns = netxfw_at(frame, offset, sizeof(*dns));
	__be16 *type;

	if (!dns || dns->flags & bpf_htons(DNS_RESPONSE) || !dns->questions)
		return -1;
	offset += sizeof(*dns);
	for (int i = 0; i < DNS_MAX_LABELS; i++) {
		__u8 *label = netxfw_at(frame, offset, 1);

		if (!label)
			return -1;
		offset += 1 + (*label & 63);
		if (*label)
			continue;
		type = netxfw_at(frame, offset, sizeof(*type));
		return type ? bpf_ntohs(*type) : -1;
	}
	return -1;
}

NETXFW_PLUGIN(count_dns)
{
	struct nx_frame frame = netxfw_frame(ctx);
	struct nx_pkt pkt = {};
	__u64 *count;
	__u32 key;
	int type;

	if (netxfw_parse(&frame, &pkt) != NX_REASON_NONE || pkt.frag & NX_FRAG_LATE)
		return netxfw_next(ctx);
	if (pkt.proto != IPPROTO_UDP || pkt.dst_port != bpf_htons(DNS_PORT))
		return netxfw_next(ctx);
	type = query_type(&frame, pkt.l4 + sizeof(struct udphdr));
	if (type < 0)
		return netxfw_next(ctx);
	key = type < DNS_TYPES ? type : DNS_TYPES - 1;
	count = bpf_map_lookup_elem(&dns_queries, &key);
	if (count)
		(*count)++;
	return netxfw_next(ctx);
}
