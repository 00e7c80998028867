/* SPDX-License-Identifier: MIT */
/* What a lookup in a table by PA finds, as it may be kept: in a Device Permission Table, and in the
 * granule protection table. */
#ifndef SMMU_MEM_PA_REGION_H
#define SMMU_MEM_PA_REGION_H

#include <stdbool.h>
#include <stdint.h>

/* A region of PAs: a level 0 Table, or what is said of a block, a contiguous region or one granule.
 */
struct pa_region {
	uint64_t first;
	uint64_t table; /* of a Table: the base of its level 1 */
	uint8_t size_lg2;
	uint8_t sec_sid; /* whose table it is: enum smmu3_pas; Root's is that of granules */
	bool leads_on;   /* a Table: nothing below counts, but its level */
	bool granule;    /* one alone */
	/* Of a Device Permission Table */
	bool writable;
	uint8_t ac; /* enum dpt_ac */
	uint16_t vmid;
	/* Of the granule protection table */
	uint8_t level; /* of the entry */
	uint8_t gpi;   /* enum gpi */
};

#endif
