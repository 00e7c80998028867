/* SPDX-License-Identifier: MIT */
/* Which structure something kept is of, and which of them an invalidation means: pure.  4.3 */
#ifndef SMMU_CONFIG_STRUCTURE_NAME_H
#define SMMU_CONFIG_STRUCTURE_NAME_H

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stdint.h>

enum structure_kind {
	STRUCTURE_L1STD,
	STRUCTURE_STREAM,
	STRUCTURE_CONTEXT,
	STRUCTURE_KINDS,
};

/* Which one.  L1STD: sid is the first below it, index log2 of how many there are; a CD: its index
 * in the table; an L1CD, which stands among CDs: name_of_l1cd. */
struct structure_name {
	uint32_t sid, index;
	uint8_t sec_sid; /* enum smmu3_pas: whose */
};

/* log2 of the CDs below an L1CD, of a table of 4KB or of 64KB.  5.2 S1Fmt */
enum { CDS_OF_4K_LG2 = 6, CDS_OF_64K_LG2 = 10, L1CD_SIZES = 2 };

/* An L1CD, below which there are 2^lg2 CDs, this one among them. */
struct structure_name name_of_l1cd(uint32_t sid, uint8_t sec_sid, uint32_t index, unsigned lg2);

/* What the one above a CD is named if it is of the size-th of L1CD_SIZES. */
struct structure_name name_of_l1cd_above(struct structure_name cd, unsigned size);
bool structure_is_l1cd(struct structure_name name);

/* Of an L1CD the first of the indexes below it; of a CD its own. */
uint32_t structure_first_index(struct structure_name name);

/* Does this invalidation mean it?  Pure. */
bool structure_is_meant(enum structure_kind kind, struct structure_name name,
			const struct smmu3_invalidation *scope);

#endif
