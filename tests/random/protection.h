/* SPDX-License-Identifier: MIT */
/* A granule protection table of random contents, which is nowhere: what an entry says is made of
 * its address.  Most of it lets everything through.  DDI 0487 D9 */
#ifndef SMMU_TESTS_RANDOM_PROTECTION_H
#define SMMU_TESTS_RANDOM_PROTECTION_H

#include "rng.h"

#include <stdbool.h>
#include <stdint.h>

struct protection {
	bool checks; /* ROOT_CR0.GPCEN */
	uint32_t cfg;
	uint64_t base, seed;
	unsigned pps_lg2, granule_lg2; /* PPS and PGS */
};

/* granules: which of 4KB, 16KB and 64KB there are. */
struct protection choose_protection(struct rng *rng, unsigned oas_code, const bool *granules);

/* The entry at an address; false: external abort. */
bool protection_read(const struct protection *protection, uint64_t at, uint64_t *entry);

#endif
