/* SPDX-License-Identifier: MIT */
/* What a lookup in a Device Permission Table finds, as it may be kept. */
#ifndef SMMU_TLB_REGION_H
#define SMMU_TLB_REGION_H

#include <stdbool.h>
#include <stdint.h>

/* A region of PAs: a level 0 Table, or what is granted of a block, a contiguous region or one
 * granule. */
struct dpt_region {
	uint64_t first;
	uint64_t table; /* of a Table: the base of its level 1 */
	uint8_t size_lg2;
	uint8_t sec_sid; /* whose table it is: enum smmu3_pas */
	bool leads_on;   /* a Table: nothing below counts */
	bool granule;    /* one alone */
	bool writable;
	uint8_t ac; /* enum dpt_ac */
	uint16_t vmid;
};

#endif
