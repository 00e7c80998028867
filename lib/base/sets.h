/* SPDX-License-Identifier: MIT */
/* Where things stand in a set-associative table: places in sets, and whose turn it is to go. */
#ifndef SMMU_BASE_SETS_H
#define SMMU_BASE_SETS_H

#include "base/bits.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SETS_WAYS = 4 };

struct sets {
	uint32_t places; /* a power of two, or 0: there is no table */
	uint32_t ways;
	uint8_t *turn; /* of each set */
};

static inline bool sets_init(struct sets *sets, uint32_t places)
{
	const uint32_t ways = places < SETS_WAYS ? places : SETS_WAYS;

	*sets = (struct sets){ .places = places, .ways = ways };
	sets->turn = places ? calloc(places / ways, sizeof(*sets->turn)) : NULL;
	return !places || sets->turn;
}

/* As when it was made: what comes next goes where it would have gone then. */
static inline void sets_restart(struct sets *sets)
{
	if (sets->places)
		memset(sets->turn, 0, sets->places / sets->ways);
}

static inline void sets_free(struct sets *sets)
{
	free(sets->turn);
}

/* Places of `bytes` each for twice as many, all free: the owner of what was there, in *were, puts
 * it in and frees it.  NULL: there is no memory, or so few are kept that they crowd whatever the
 * places; all is as it was. */
static inline void *sets_double(struct sets *sets, size_t bytes, uint32_t kept, struct sets *were)
{
	void *place = NULL;

	*were = *sets;
	if (were->places / 64 <= kept)
		place = calloc(2 * (size_t)were->places, bytes);
	if (place && sets_init(sets, 2 * were->places))
		return place;
	free(place);
	*sets = *were;
	return NULL;
}

/* A key, of which every bit counts in the upper half.  Both halves of the key are folded first: a
 * bit of it changes nothing below itself in the product. */
ALWAYS_INLINE uint64_t sets_mix(uint64_t key)
{
	return (key ^ key >> 32) * UINT64_C(0x9e3779b97f4a7c15);
}

/* The first place of the set for a key; its ways follow. */
ALWAYS_INLINE uint32_t sets_first(const struct sets *sets, uint64_t key)
{
	return (uint32_t)(sets_mix(key) >> 40) & (sets->places - 1) & ~(sets->ways - 1);
}

/* Which way of a full set goes. */
static inline uint32_t sets_victim(struct sets *sets, uint32_t first)
{
	uint8_t *turn = &sets->turn[first / sets->ways];
	const uint32_t way = *turn;

	*turn = (uint8_t)((way + 1) % sets->ways);
	return way;
}

#endif
