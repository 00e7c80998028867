/* SPDX-License-Identifier: MIT */
/* Addresses that cannot be mistaken for each other. */
#ifndef SMMU_BASE_ADDR_H
#define SMMU_BASE_ADDR_H

#include <smmu/smmu.h>
#include <stdint.h>

/* An intermediate physical address: the output of stage 1, the input of stage 2.  Where stage 2 is
 * off it becomes a PA. */
struct ipa {
	uint64_t addr;
	enum smmu3_pas pas; /* the IPA space: Secure streams have two.  3.10.2.2 */
};

struct pa {
	uint64_t addr;
	enum smmu3_pas pas;
};

#endif
