/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A token bucket in one u64: the generic cell rate algorithm (ITU-T I.371). The word is the theoretical arrival time of the next
 * packet at the steady rate; a packet conforms when it is at most `depth` too early. Nothing is refilled, so nothing is lost.
 */
#ifndef NETXFW_BUCKET_H
#define NETXFW_BUCKET_H

#include <linux/types.h>
#include <stdbool.h>

#include "config.h"
#include "limits.h"

/*
 * Takes one packet's cost; false: over. All times in ticks. Only a conforming packet writes, so CPUs contend at most at the
 * bucket's own rate; the one that loses NX_MAX_CAS times in a row counts as over.
 */
static __always_inline bool nx_bucket_take(__u64 *bucket, __u64 now, __u64 cost, __u64 depth)
{
	for (int i = 0; i < NX_MAX_CAS; i++) {
		__u64 old = *(volatile __u64 *)bucket;
		__u64 next = (old > now ? old : now) + cost;

		if (next - now > depth) {
			/* A limit that was deeper before: its debt must not outlast what a full bucket owes today. */
			if (old > now + depth && !cfg_explain)
				__sync_val_compare_and_swap(bucket, old, now + depth);
			return false;
		}
		if (cfg_explain || __sync_val_compare_and_swap(bucket, old, next) == old)
			return true;
	}
	return false;
}

#endif
