/* SPDX-License-Identifier: MIT */
/*
 * Software programs a Security state anew: it clears SMMUEN, what is stalled ends, GBPA is in
 * force; it writes registers, invalidates all that is kept, and sets SMMUEN.  6.3.9.6
 */
#ifndef SMMU_TESTS_RANDOM_REPROGRAM_H
#define SMMU_TESTS_RANDOM_REPROGRAM_H

#include "kept.h"

/* What is another then.  One row each: its name, the states that have it, and whether an access
 * that comes after SMMUEN is set may end otherwise by it. */
#define REPROGRAM_WHATS(X)                                          \
	X(TABLE, "the Stream table is elsewhere", 7, false)         \
	X(SIZE, "STRTAB_BASE_CFG.LOG2SIZE", 7, true)                \
	X(GBPA, "GBPA", 3, false)                                   \
	X(TABLE_ATTR, "CR1.TABLE_SH, TABLE_OC, TABLE_IC", 7, false) \
	X(E2H, "CR2.E2H", 7, true)                                  \
	X(RECINVSID, "CR2.RECINVSID", 7, false)                     \
	X(PTM, "CR2.PTM", 7, false)                                 \
	X(REC_CFG_ATS, "CR2.REC_CFG_ATS", 5, false)                 \
	X(ATSCHK, "CR0.ATSCHK", 1, true)                            \
	X(SIF, "S_CR0.SIF", 2, true)                                \
	X(S2PII, "S2PII", 7, true)                                  \
	X(GMECID, "R_GMECID", 4, false)

#define REPROGRAM_ENUM(name, words, states, matters) REPROGRAM_##name,
enum reprogram_what { REPROGRAM_WHATS(REPROGRAM_ENUM) REPROGRAM_COUNT };

struct reprogramming {
	unsigned state; /* enum smmu3_pas */
	enum reprogram_what what;
};

/* Until its end SMMUEN of a state is 0.  false: nothing can be changed. */
bool reprogram_begin(struct reprogramming *reprogramming, struct world *world, struct duel *duel);
void reprogram_end(const struct reprogramming *reprogramming, struct kept *kept,
		   struct world *world, struct duel *duel);

#endif
