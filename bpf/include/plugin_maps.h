/* SPDX-License-Identifier: GPL-2.0 */
/* The maps that the core and its plugins have in common. */
#ifndef NETXFW_PLUGIN_MAPS_H
#define NETXFW_PLUGIN_MAPS_H

#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

#include "limits.h"
#include "types.h"

/* slot -> program: NX_SLOT_CORE, NX_SLOT_EXIT, then plugins; U writes */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, NX_SLOTS);
	__type(key, __u32);
	__type(value, __u32);
} jmp_table SEC(".maps");

/* 0 -> nx_plugin_verdict; K writes (a plugin) and reads (the exit), on the same CPU and in the same packet */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct nx_plugin_verdict);
} plugin_verdict SEC(".maps");

#endif
