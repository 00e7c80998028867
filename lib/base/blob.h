/* SPDX-License-Identifier: MIT */
/* Numbers as bytes, the lowest first, whatever machine this is; as much as there is room for. */
#ifndef SMMU_BASE_BLOB_H
#define SMMU_BASE_BLOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct blob_out {
	uint8_t *at;
	size_t room;
	size_t bytes; /* put so far, also those that found no room */
};

/* The low `bytes` bytes of a number. */
static inline void blob_put(struct blob_out *out, uint64_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++, out->bytes++)
		if (out->bytes < out->room)
			out->at[out->bytes] = (uint8_t)(value >> 8 * i);
}

struct blob_in {
	const uint8_t *at;
	size_t left;
	bool wrong; /* it ended too soon, or a number was too large */
};

static inline uint64_t blob_take(struct blob_in *in, unsigned bytes)
{
	uint64_t value = 0;

	if (in->left < bytes) {
		in->left = 0;
		in->wrong = true;
		return 0;
	}
	for (unsigned i = 0; i < bytes; i++)
		value |= (uint64_t)in->at[i] << 8 * i;
	in->at += bytes;
	in->left -= bytes;
	return value;
}

/* A number up to `most`. */
static inline uint64_t blob_take_within(struct blob_in *in, unsigned bytes, uint64_t most)
{
	const uint64_t value = blob_take(in, bytes);

	if (value <= most)
		return value;
	in->wrong = true;
	return 0;
}

static inline bool blob_take_flag(struct blob_in *in)
{
	return blob_take_within(in, 1, 1) != 0;
}

#endif
