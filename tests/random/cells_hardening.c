/* SPDX-License-Identifier: MIT */
/* Translation hardening: where walks began, and who reached what is AssuredOnly.  3.27, D8.2.7 */
#include "cells.h"

/* By the format of stage 1, half, TL0, TL1, and { TopLevel0, TopLevel1 } of the first table. */
enum { TOPS = 4, BEGINNINGS = 2 * 2 * 2 * 2 * TOPS };
/* By the format of stage 1, where it translates, and of stage 2. */
enum { ENDS = 5, FORMATS = 4 };

static const char *const end_name[ENDS] = {
	"an Assured translation of what is AssuredOnly",
	"an Assured translation of what is not",
	"AssuredOnly refuses an access",
	"AssuredOnly refuses a table",
	"a leaf is Protected, and not Contiguous",
};

static const char *const format_name[2] = { "VMSAv8", "VMSAv9-128" };

/* Bit 114 of VMSAv9-128 is not that which is Contiguous elsewhere. */
static void name_end(unsigned index, struct cell *cell)
{
	const unsigned end = index / FORMATS, first = index / 2 % 2, second = index % 2;

	cell_name(cell, end < ENDS - 1 || !first, "%s in stage 1, %s in stage 2: %s",
		  format_name[first], format_name[second], end_name[end]);
}

static void name_hardening(unsigned index, struct cell *cell)
{
	const unsigned top = index % TOPS, tl = index / TOPS;

	if (index >= BEGINNINGS)
		name_end(index - BEGINNINGS, cell);
	else
		cell_name(cell, true, "%s: TTB%u, TL0 = %u, TL1 = %u, top level { %u, %u }",
			  format_name[tl >> 3], tl >> 2 & 1, tl >> 1 & 1, tl & 1, top >> 1,
			  top & 1);
}

static bool ends(const struct obvious_notes *notes, unsigned end)
{
	const bool refused = notes->hardened_by == OBVIOUS_BY_ASSURED_ONLY;

	switch (end) {
	case 0:
		return notes->stage2.leaf && notes->assured && notes->assured_only;
	case 1:
		return notes->stage2.leaf && notes->assured && !notes->assured_only;
	case 2:
		return refused && notes->hardened_class == SMMU3_CLASS_IN;
	case 3:
		return refused && notes->hardened_class == SMMU3_CLASS_TT;
	default:
		return notes->pnch;
	}
}

static unsigned find_hardening(const struct smmu3_txn *txn, const struct obvious_answer *answer,
			       unsigned *index)
{
	const struct obvious_notes *notes = &answer->notes;
	const unsigned formats = 2u * notes->stage1.d128 + notes->hardened_d128;
	unsigned count = 0;

	(void)txn;
	if (notes->hardened && notes->top_code)
		index[count++] = TOPS * (8u * notes->stage1.d128 + 4u * notes->stage1.upper +
					 2u * notes->top_levels[0] + notes->top_levels[1]) +
				 notes->top_code - 1u;
	for (unsigned end = 0; end < ENDS; end++)
		if (ends(notes, end))
			index[count++] = BEGINNINGS + FORMATS * end + formats;
	return count;
}

const struct cell_group cells_of_hardening = { "translation hardening", BEGINNINGS + ENDS *FORMATS,
					       name_hardening, find_hardening };
