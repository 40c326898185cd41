/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where an address stands in lock_hosts4/6 and src_index4, src_index6. src/dataplane/hash.ts computes the same; a test runs both.
 *
 * Addresses are words as loaded from the packet (network byte order in memory). All arithmetic is modulo 2^32.
 *
 *   fmix(h)    h ^= h >> 16; h *= 0x85ebca6b; h ^= h >> 13; h *= 0xc2b2ae35; h ^= h >> 16   (the murmur3 finalizer)
 *   hosts4     first = fmix(addr ^ seed)
 *   hosts6     first = murmur3_x86_32 of the sixteen bytes, that is of the four words as loaded
 *   both       second = fmix(first + 0x9e3779b9); bucket = hash * buckets >> 32, so any number of buckets will do
 *   index4     block = the address in host order >> 8; block n is bits 2 * (n % 16) .. + 1 of word n % 256 / 16 of line n / 256
 *   touched4   block n is bit n % 32 of word n % 512 / 32 of line n / 512
 *   index6     /32: nibble = fmix(word0 ^ seed) >> 10
 *              /48: nibble = fmix((word0 * 0xcc9e2d51 + half2 * 0x9e3779b1) ^ seed) >> 10, half2 = bytes 4 and 5 as loaded
 *   nibble n   bits 4 * (n % 8) .. + 3 of word n % 128 / 8 of line n / 128
 *
 * seed and buckets are load-time constants; `meta` keeps them for whoever adopts the maps.
 */
#ifndef NETXFW_HASH_H
#define NETXFW_HASH_H

#include <stdbool.h>
#include <bpf/bpf_endian.h>

#include "types.h"

static __always_inline __u32 nx_fmix(__u32 h)
{
	h ^= h >> 16;
	h *= 0x85ebca6b;
	h ^= h >> 13;
	h *= 0xc2b2ae35;
	h ^= h >> 16;
	return h;
}

static __always_inline __u32 nx_rotl(__u32 word, int bits)
{
	return word << bits | word >> (32 - bits);
}

static __always_inline __u32 nx_hosts4_hash(__u32 addr, __u32 seed)
{
	return nx_fmix(addr ^ seed);
}

static __always_inline __u32 nx_hosts6_hash(const union nx_addr *addr, __u32 seed)
{
	__u32 h = seed;

	for (int i = 0; i < 4; i++) {
		h ^= nx_rotl(addr->words[i] * 0xcc9e2d51, 15) * 0x1b873593;
		h = nx_rotl(h, 13) * 5 + 0xe6546b64;
	}
	return nx_fmix(h ^ 16);
}

static __always_inline __u32 nx_second_hash(__u32 first)
{
	return nx_fmix(first + 0x9e3779b9);
}

static __always_inline __u32 nx_bucket(__u32 hash, __u32 buckets)
{
	return (__u64)hash * buckets >> 32;
}

/* Number of the /24. */
static __always_inline __u32 nx_block4(__u32 addr)
{
	return bpf_ntohl(addr) >> 8;
}

/* Line of a block: the key of src_index4. */
static __always_inline __u32 nx_block_key(__u32 block)
{
	return block >> 8;
}

/* enum nx_block of a block. */
static __always_inline __u32 nx_block_state(const struct nx_index_line *line, __u32 block)
{
	return line->words[block >> 4 & 15] >> (block & 15) * 2 & 3;
}

/* Atomic, as userspace writes the other blocks of the word at the same time; no state but NX_BLOCK_MIXED can be ORed in. */
static __always_inline void nx_block_mix(struct nx_index_line *line, __u32 block)
{
	__sync_fetch_and_or(&line->words[block >> 4 & 15], (__u32)NX_BLOCK_MIXED << (block & 15) * 2);
}

/* Line of a block's bit: the key of src_touched4. */
static __always_inline __u32 nx_touched_key(__u32 block)
{
	return block >> 9;
}

static __always_inline bool nx_is_touched(const struct nx_index_line *line, __u32 block)
{
	return line->words[block >> 5 & 15] >> (block & 31) & 1;
}

static __always_inline void nx_touch(struct nx_index_line *line, __u32 block)
{
	__sync_fetch_and_or(&line->words[block >> 5 & 15], 1u << (block & 31));
}

static __always_inline __u32 nx_index6_nibble32(const union nx_addr *addr, __u32 seed)
{
	return nx_fmix(addr->words[0] ^ seed) >> 10;
}

static __always_inline __u32 nx_index6_nibble48(const union nx_addr *addr, __u32 seed)
{
	__u32 half2 = *(const __u16 *)&addr->bytes[4];

	return nx_fmix((addr->words[0] * 0xcc9e2d51 + half2 * 0x9e3779b1) ^ seed) >> 10;
}

/* Line of a nibble: the key of src_index6. */
static __always_inline __u32 nx_index_key(__u32 nibble)
{
	return nibble >> 7;
}

/* NX_INDEX_* bits of a nibble. */
static __always_inline __u32 nx_index_bits(const struct nx_index_line *line, __u32 nibble)
{
	return line->words[nibble >> 3 & 15] >> (nibble & 7) * 4 & 15;
}

/* Atomic: userspace writes the other nibbles of the word at the same time. */
static __always_inline void nx_index_set(struct nx_index_line *line, __u32 nibble, __u32 bits)
{
	__sync_fetch_and_or(&line->words[nibble >> 3 & 15], bits << (nibble & 7) * 4);
}

#endif
