/* SPDX-License-Identifier: MIT */
/* Changes of structures and tables that are in use, as software makes them.  3.21 */
#ifndef SMMU_TESTS_RANDOM_EDITS_H
#define SMMU_TESTS_RANDOM_EDITS_H

#include "maintain.h"

/* What is changed.  Of descriptors in four modes, as cells_leaf.c has them: bit 0 stage 2, bit 1
 * one of both stages. */
enum edit_kind {
	EDIT_LEAF,
	EDIT_TABLE = EDIT_LEAF + 4,
	EDIT_L1STD = EDIT_TABLE + 4,
	EDIT_STE_OVERRIDES,
	EDIT_STE_VMID,
	EDIT_STE_REMOVED,
	EDIT_STE_EATS,
	EDIT_STE_LABELS,
	EDIT_VMS,
	EDIT_L1CD,
	EDIT_CD_MODEL,
	EDIT_CD_TYPES,
	EDIT_CD_ASID,
	EDIT_CD_LABELS,
	EDIT_KINDS,
};

enum { EDIT_WORDS = 128 };

/* A change between its two halves: what was there is gone, and what is to be there is not yet. */
struct edit {
	enum edit_kind kind;
	struct user user;
	struct remedy remedy;
	bool kept;            /* the library had kept what is changed */
	bool whole;           /* there was but one half */
	struct smmu3_txn txn; /* the access that had used it */
	unsigned words;
	uint64_t pa, now[EDIT_WORDS]; /* what is to be there */
};

/* Draws one, carries out its first half and what that owes; false: there is nothing to change. */
bool edit_begin(struct edit *edit, struct kept *kept, struct world *world, struct duel *duel);

void edit_end(struct edit *edit, struct kept *kept, struct world *world, struct duel *duel);

/* The access that had used it again, or one like it. */
struct smmu3_txn edit_again(const struct edit *edit, struct world *world);

#endif
