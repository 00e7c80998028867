/* SPDX-License-Identifier: MIT */
/* Stage 1 with indirect permissions: which codes met, and who refused.  3.26.1 */
#include "cells.h"

enum { CODES = 8, PAIRS = CODES * CODES, WHO = 3 };

/* 100 and 110 are reserved; what one side writes the other does not execute. */
static bool may_be(unsigned p, unsigned u)
{
	return p != 4 && p != 6 && u != 4 && u != 6;
}

/* One privilege has one code; two have none where the privileged side executes what the other
 * writes. */
static void name_indirection(unsigned index, struct cell *cell)
{
	static const char *const who[WHO] = { "nobody", "the codes, or PAN", "the dirty state" };
	const unsigned p = index / CODES, u = index % CODES;

	if (index >= PAIRS)
		cell_name(cell, true, "an access is refused by %s", who[index - PAIRS]);
	else
		cell_name(cell, may_be(p, u) && (p == u || !((p & 2) && (u & 4))),
			  "PIIP %u, PIIU %u, or one privilege", p, u);
}

static unsigned find_indirection(const struct smmu3_txn *txn, const struct obvious_answer *answer,
				 unsigned *index)
{
	static const uint8_t who[OBVIOUS_REFUSALS] = {
		[OBVIOUS_BY_BASE] = 1, [OBVIOUS_BY_DIRTY] = 2
	};
	const struct obvious_notes *notes = &answer->notes;

	(void)txn;
	if (!notes->indirect1)
		return 0;
	index[0] = (unsigned)(notes->indirect1_p * CODES + notes->indirect1_u);
	index[1] = PAIRS + who[notes->indirect1_by];
	return 2;
}

const struct cell_group cells_of_indirection1 = { "indirect permissions of stage 1", PAIRS + WHO,
						  name_indirection, find_indirection };
