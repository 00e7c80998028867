/* SPDX-License-Identifier: MIT */
/*
 * Things that are found by what they have in common: numbers from 1 in chains by a hash of it, the
 * first of a chain the one that was put there first.  Who looks passes by those of another name.
 * Whatever there is of it, a number is put into its chain and taken out at once.
 */
#ifndef SMMU_BASE_CHAINS_H
#define SMMU_BASE_CHAINS_H

#include "base/bits.h"

#include <stdbool.h>
#include <stdint.h>

/* Zero: there is nothing. */
struct chains {
	uint32_t *first; /* by hash; 0: none */
	struct chain_link {
		uint32_t hash;
		uint32_t before; /* of the first the last; 0: it is in no chain */
		uint32_t after;  /* of the last 0 */
	} * link;                /* by number, from 1 on */
	uint32_t heads, links;   /* powers of two, or 0 */
	uint32_t things;         /* in chains */
};

void chains_free(struct chains *chains);

/* Puts one in that is in no chain.  false: there is no memory, and it is in none. */
bool chains_put(struct chains *chains, uint32_t number, uint32_t hash);

/* Takes one out, if it is in any. */
void chains_take(struct chains *chains, uint32_t number);

/* The first that may be looked for, and the one after it; 0: there is none. */
ALWAYS_INLINE uint32_t chains_first(const struct chains *chains, uint32_t hash)
{
	return chains->heads ? chains->first[hash & (chains->heads - 1)] : 0;
}

ALWAYS_INLINE uint32_t chains_after(const struct chains *chains, uint32_t number)
{
	return chains->link[number - 1].after;
}

#endif
