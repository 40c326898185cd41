/* SPDX-License-Identifier: GPL-2.0 */
/* Drops UDP packets whose payload begins with the bytes in `payload_prefix`; goes on with everything else. */
#include <netxfw_plugin.h>

#define PREFIX_MAX 16

struct payload_prefix {
	__u32 length; /* 0 = drop nothing */
	__u8 bytes[PREFIX_MAX];
};

/* 0 -> the bytes to drop; U writes */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct payload_prefix);
} payload_prefix SEC(".maps");

static __always_inline bool begins_with(const struct nx_frame *frame, __u32 offset, const struct payload_prefix *prefix)
{
	if (!prefix->length)
		return false;
	for (__u32 i = 0; i < PREFIX_MAX && i < prefix->length; i++) {
		__u8 *byte = netxfw_at(frame, offset + i, 1);

		if (!byte || *byte != prefix->bytes[i])
			return false;
	}
	return true;
}

NETXFW_PLUGIN(drop_payload)
{
	struct nx_frame frame = netxfw_frame(ctx);
	struct payload_prefix *prefix;
	struct nx_pkt pkt = {};
	__u32 key = 0;

	prefix = bpf_map_lookup_elem(&payload_prefix, &key);
	if (!prefix || netxfw_parse(&frame, &pkt) != NX_REASON_NONE)
		return netxfw_next(ctx);
	if (pkt.proto != IPPROTO_UDP || pkt.frag & NX_FRAG_LATE)
		return netxfw_next(ctx);
	if (begins_with(&frame, pkt.l4 + sizeof(struct udphdr), prefix))
		return netxfw_drop(ctx);
	return netxfw_next(ctx);
}
