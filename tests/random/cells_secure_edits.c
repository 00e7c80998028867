/* SPDX-License-Identifier: MIT */
/* Changes of what Secure streams use, where it was kept: what, for which StreamWorld, and how far
 * the invalidations reach. */
#include "cells_maintain.h"

enum { REACHES = TLB_REACHES, WORLDS = OBVIOUS_EL3 + 1, DESCRIPTORS = EDIT_L1STD };
enum { WORLDS_AT = EDIT_KINDS * REACHES, CELLS = WORLDS_AT + WORLDS * REACHES };

static const char *const world_name[WORLDS] = { "Secure EL1", "S-EL2", "S-EL2-E2H", "EL3" };

/* 4.4.2: those without ASIDs are not invalidated by one. */
static bool world_reaches(unsigned world, unsigned reach)
{
	return reach != BY_ASID || world == OBVIOUS_EL1 || world == OBVIOUS_EL2_E2H;
}

static void name_edit(unsigned index, struct cell *cell)
{
	const unsigned what = index / REACHES, reach = index % REACHES;

	if (index >= WORLDS_AT)
		cell_name(cell, world_reaches(what - EDIT_KINDS, reach),
			  "a descriptor of %s, invalidates %s", world_name[what - EDIT_KINDS],
			  cell_reach_name(EDIT_LEAF, reach));
	else
		cell_name(cell, cell_edit_reaches(what, reach), "Secure: %s, invalidates %s",
			  cell_edit_name(what), cell_reach_name(what, reach));
}

static unsigned reach_of(const struct edit *edit)
{
	return (unsigned)edit->kind < DESCRIPTORS ? (unsigned)edit->remedy.reach :
						    (unsigned)edit->remedy.cfgi;
}

unsigned cells_of_secure_edit(const struct edit *edit, unsigned *index)
{
	const bool stage1 = (unsigned)edit->kind < DESCRIPTORS && !(edit->kind & 1);

	if (edit->user.sec_sid != SMMU3_PAS_SECURE || !edit->kept)
		return 0;
	index[0] = edit->kind * REACHES + reach_of(edit);
	index[1] = WORLDS_AT + (unsigned)edit->user.world * REACHES + reach_of(edit);
	return 1 + stage1;
}

static unsigned find_none(const struct smmu3_txn *txn, const struct obvious_answer *answer,
			  unsigned *index)
{
	(void)txn, (void)answer, (void)index;
	return 0;
}

const struct cell_group cells_of_secure_edits = {
	"changes of what Secure streams use and was kept: what, StreamWorld x how far", CELLS,
	name_edit, find_none
};
