/* SPDX-License-Identifier: GPL-2.0 */
/* Tells userspace the kernel's clocks: a TEST_RUN of `clock` puts both into the first bytes of its packet. */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct nx_clock {
	__u64 jiffies; /* bpf_jiffies64 */
	__u64 ktime;   /* ns, CLOCK_MONOTONIC */
};

SEC("xdp")
int clock(struct xdp_md *ctx)
{
	struct nx_clock *now = (void *)(long)ctx->data;

	if ((void *)(now + 1) > (void *)(long)ctx->data_end)
		return XDP_ABORTED;
	now->jiffies = bpf_jiffies64();
	now->ktime = bpf_ktime_get_ns();
	return XDP_PASS;
}
