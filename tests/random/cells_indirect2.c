/* SPDX-License-Identifier: MIT */
/* Stage 2 with indirect permissions: what codes of base and overlay met, and who refused what.
 * 3.26.2 */
#include "cells.h"

enum { CODES = 16, NO_OVERLAY = CODES, WHO = OBVIOUS_REFUSALS, CLASSES = 3 };
enum { BASES = 2 * CODES, OVERLAYS = CODES, REFUSED = CLASSES * WHO };

static const char *const class_name[CLASSES] = { "a CD", "a table", "an access" };

/* CDs are only read.  An instruction of a Realm stream that leaves its memory is counted elsewhere.
 */
static bool may_refuse(unsigned class, unsigned who)
{
	if (who == OBVIOUS_BY_OTHERS)
		return class != SMMU3_CLASS_IN;
	return who != OBVIOUS_BY_DIRTY || class != SMMU3_CLASS_CD;
}

static void name_indirection(unsigned index, struct cell *cell)
{
	static const char *const who[WHO] = { "nobody", "the base", "the overlay",
					      "the dirty state", "another rule" };

	if (index < BASES)
		cell_name(cell, true, "base code %u, %s overlay", index % CODES,
			  index / CODES ? "with" : "without");
	else if (index < BASES + OVERLAYS)
		cell_name(cell, (index & 0xb) != 1, "overlay code %u", index - BASES);
	else
		cell_name(cell,
			  may_refuse((index - BASES - OVERLAYS) / WHO,
				     (index - BASES - OVERLAYS) % WHO),
			  "%s is refused by %s", class_name[(index - BASES - OVERLAYS) / WHO],
			  who[(index - BASES - OVERLAYS) % WHO]);
}

static unsigned find_indirection(const struct smmu3_txn *txn, const struct obvious_answer *answer,
				 unsigned *index)
{
	const struct obvious_notes *notes = &answer->notes;
	const bool overlaid = notes->indirect_overlay != NO_OVERLAY;
	const unsigned class = notes->indirect_class, by = notes->indirect_by;
	unsigned count = 0;

	(void)txn;
	if (!notes->indirect)
		return 0;
	index[count++] = notes->indirect_base + (overlaid ? CODES : 0u);
	if (overlaid)
		index[count++] = BASES + notes->indirect_overlay;
	if (may_refuse(class, by))
		index[count++] = BASES + OVERLAYS + WHO * class + by;
	return count;
}

const struct cell_group cells_of_indirection = { "indirect permissions of stage 2",
						 BASES + OVERLAYS + REFUSED, name_indirection,
						 find_indirection };
