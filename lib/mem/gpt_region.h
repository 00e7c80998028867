/* SPDX-License-Identifier: MIT */
/* What a lookup in a granule protection table finds, as it may be kept. */
#ifndef SMMU_MEM_GPT_REGION_H
#define SMMU_MEM_GPT_REGION_H

#include <stdbool.h>
#include <stdint.h>

/* A region of PAs: a level 0 Table, or what a block, a contiguous region or one granule is. */
struct gpt_region {
	uint64_t first;
	uint64_t table; /* of a Table: the base of its level 1 */
	uint8_t size_lg2;
	uint8_t level; /* of the entry */
	uint8_t gpi;   /* enum gpi; not of a Table */
	bool leads_on; /* a Table */
	bool granule;  /* one alone */
};

#endif
