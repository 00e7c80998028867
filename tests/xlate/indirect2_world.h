/* SPDX-License-Identifier: MIT */
/* The machine of walk_world.h with stage 2 permission indirection and overlays: IDR3.S2PI and
 * IDR3.S2PO; and hardware updates. */
#ifndef SMMU_TEST_INDIRECT2_WORLD_H
#define SMMU_TEST_INDIRECT2_WORLD_H

#include "httu_world.h"

/* Word 2 of a STE, 5.2; bits of word 1 of a record, 7.3.16 */
#define S2PIE BIT(60)
#define S2POE BIT(61)
#define S2PTW BIT(54)
#define DIRTYBIT BIT(42)
#define ASSUREDONLY BIT(43)
#define OVERLAY BIT(45)

#define DIRTY BIT(7)
#define S2PII 0x30 /* 6.3.17 */

#define LEAF slot2(3)

/* A VMSAv8-64 leaf with these indices, dirty: AF, ISH, MemAttr 1111. */
static inline uint64_t leaf_of(unsigned pi, unsigned po)
{
	return 0x73f | DIRTY | (uint64_t)(pi & 1) << 6 | (uint64_t)(pi >> 1 & 1) << 51 |
	       (uint64_t)(pi >> 2 & 3) << 53 | (uint64_t)po << 59;
}

static inline uint64_t code_at(unsigned index, unsigned code)
{
	return (uint64_t)code << 4 * index;
}

/* RAM is mapped with PIIndex 15, of which S2PII says RW+puX, and POIndex 15, as S2POI does. */
static inline struct world indirect(unsigned config, uint64_t bits)
{
	struct world w = httu_world(config);

	w.config.aidr = 3;
	set_id(&w, 0, 9, 1, 1);  /* Hyp */
	set_id(&w, 3, 13, 2, 3); /* E0PD, PTWNNC */
	set_id(&w, 3, 19, 2, 3); /* S2PI, S2PO */
	w.ste[2] |= S2PIE | bits;
	w.ste[7] = code_at(15, 15);
	put(&w, S2_TABLE(1) + 8 * 2, RAM_BASE | (leaf_of(15, 15) & ~UINT64_C(2)));
	return w;
}

/* Starts it with S2PII, which says of PIIndex 15 what it must. */
static inline void start(struct world *w, uint64_t codes)
{
	open_world(w);
	mmio(w, S2PII, 8, codes | code_at(15, 15));
}

#endif
