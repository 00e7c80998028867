/* SPDX-License-Identifier: MIT */
/* A granule protection table of random contents, which is nowhere: what an entry says is made of
 * its address.  Most of it lets everything through.  DDI 0487 D9 */
#ifndef SMMU_TESTS_RANDOM_PROTECTION_H
#define SMMU_TESTS_RANDOM_PROTECTION_H

#include "rng.h"

#include <stdbool.h>
#include <stdint.h>

enum { PROTECTION_EDITS = 12 };

struct protection {
	bool checks; /* ROOT_CR0.GPCEN */
	uint32_t cfg;
	uint64_t base, seed;
	unsigned pps_lg2, granule_lg2; /* PPS and PGS */
	/* Entries, by the first of those that are joined, that have another content now */
	uint64_t edited[PROTECTION_EDITS];
	unsigned edits;
};

/* granules: which of 4KB, 16KB and 64KB there are. */
struct protection choose_protection(struct rng *rng, unsigned oas_code, const bool *granules);

/* The entry at an address; false: external abort. */
bool protection_read(const struct protection *protection, uint64_t at, uint64_t *entry);

/* The entry at an address has another content from now on, with all that are joined to it: log2 of
 * the size of what they are about, or of the next size that ROOT_TLBI has. */
unsigned protection_edit(struct protection *protection, uint64_t at);

#endif
