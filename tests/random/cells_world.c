/* SPDX-License-Identifier: MIT */
/* StreamWorlds: what each makes of accesses to either half of its addresses.  3.3.3, 13.4.1 */
#include "cells.h"

enum { HALVES = 2, PRIVILEGES = 2, NO_LEVEL = SMMU3_NO_LEVEL };
enum { F_TRANSLATION = 0x10, F_PERMISSION = 0x13 };

enum {
	PASSES,
	NO_WALK, /* F_TRANSLATION without a walk */
	REFUSED, /* F_PERMISSION of stage 1 */
	OTHERWISE,
	ENDS,
};

static const char *const world_name[OBVIOUS_WORLDS] = { "NS-EL1", "NS-EL2", "NS-EL2-E2H" };
static const char *const end_name[ENDS] = { "passes", "no walk", "refused", "ends otherwise" };

/* NS-EL2 has no upper half.  5.4.1 */
static void name_world(unsigned index, struct cell *cell)
{
	const unsigned end = index % ENDS, upper = index / ENDS % HALVES;
	const unsigned privileged = index / ENDS / HALVES % PRIVILEGES;
	const unsigned world = index / ENDS / HALVES / PRIVILEGES;

	cell_name(cell, world != OBVIOUS_EL2 || !upper || end == NO_WALK, "%s, %s %s: %s",
		  world_name[world], privileged ? "privileged" : "user",
		  upper ? "in TTB1" : "in TTB0", end_name[end]);
}

static unsigned end_of(const struct obvious_answer *answer)
{
	if (answer->verdict == SMMU3_OK)
		return PASSES;
	if (answer->fault_stage != 1)
		return OTHERWISE;
	if (answer->event == F_TRANSLATION && answer->fault_level == NO_LEVEL)
		return NO_WALK;
	return answer->event == F_PERMISSION ? REFUSED : OTHERWISE;
}

static unsigned find_world(const struct smmu3_txn *txn, const struct obvious_answer *answer,
			   unsigned *index)
{
	const struct obvious_notes *notes = &answer->notes;
	const unsigned end = end_of(answer);

	(void)txn;
	const unsigned who = (unsigned)notes->world * PRIVILEGES + answer->privileged;

	*index = (who * HALVES + notes->stage1.upper) * ENDS + end;
	return notes->stage1.walked || end == NO_WALK;
}

const struct cell_group cells_of_worlds = {
	"StreamWorlds: StreamWorld x privilege x half x what becomes of it",
	OBVIOUS_WORLDS *PRIVILEGES *HALVES *ENDS, name_world, find_world
};
