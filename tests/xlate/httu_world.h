/* SPDX-License-Identifier: MIT */
/* The machine of walk_world.h with IDR0.HTTU = 2: hardware updates the Access flag and the dirty
 * state. */
#ifndef SMMU_TEST_HTTU_WORLD_H
#define SMMU_TEST_HTTU_WORLD_H

#include "support/walk_world.h"

enum { W = SMMU3_TXN_WRITE, X = SMMU3_TXN_INSTRUCTION, P = SMMU3_TXN_PRIVILEGED };
enum { WRITES = SMMU3_PERM_UW | SMMU3_PERM_PW };

#define DBM BIT(51)
#define AP2 BIT(7)   /* stage 1: 1 is read-only */
#define S2AP1 BIT(7) /* stage 2: 1 is writable */

/* Word 0 of a CD, 5.4, and word 2 of a STE, 5.2 */
#define CD_HD BIT(42)
#define CD_HA BIT(43)
#define S2HD BIT(55)
#define S2HA BIT(56)
#define S2HAFT BIT(59)
/* Word 1 of a CD */
#define CD_HAFT BIT(3)

static inline struct world httu_world(unsigned config)
{
	struct world w = world(config);

	set_id(&w, 0, 6, 2, 2);
	return w;
}

/* The machine with IDR0.HTTU = 3: an SMMUv3.3, with what that has always. */
static inline struct world haft_world(unsigned config)
{
	struct world w = world(config);

	w.config.aidr = 3;
	set_id(&w, 0, 6, 2, 3);
	set_id(&w, 0, 9, 1, 1);  /* Hyp */
	set_id(&w, 3, 13, 2, 3); /* E0PD, PTWNNC */
	return w;
}

static inline uint64_t now(const struct world *w, uint64_t at)
{
	return w->ram[(at - RAM_BASE) / 8];
}

#endif
