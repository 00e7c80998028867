/* SPDX-License-Identifier: MIT */
/* Secure streams: their StreamWorlds, and the spaces of what they read and reach.  3.10.2 */
#include "cells.h"

enum { WAYS = 4, CODES = 8, F_PERMISSION = 0x13, NO_LEVEL = -2 };
enum { EL1_AT = 0, EL3_AT = WAYS, LEAVES_AT = 2 * WAYS, BYPASS_AT = 3 * WAYS };
enum { SIF_AT = BYPASS_AT + CODES, CELLS = SIF_AT + 2 };

/* What becomes of an access. */
enum { PASSES, REFUSED, FAULTS, ABORTS };

static void name_secure(unsigned index, struct cell *cell)
{
	static const char *const way[WAYS] = { "passes", "F_PERMISSION", "another fault",
					       "a configuration error" };
	static const char *const space[2] = { "Non-secure", "Secure" };

	if (index < LEAVES_AT)
		cell_name(cell, true, "%s: %s", index < EL3_AT ? "Secure EL1" : "EL3",
			  way[index % WAYS]);
	else if (index < BYPASS_AT)
		cell_name(cell, index - LEAVES_AT != 1, "a leaf in %s memory leads to %s memory",
			  space[index >> 1 & 1], space[index & 1]);
	else if (index < SIF_AT)
		cell_name(cell, true, "bypass, NSCFG = %u, NS in = %u: passes",
			  (index - BYPASS_AT) >> 1, index & 1);
	else
		cell_name(cell, true, "bypass, NS in = %u: SIF refuses it", index & 1);
}

static unsigned way_of(const struct obvious_answer *answer)
{
	if (answer->verdict == SMMU3_OK)
		return PASSES;
	if (answer->event == F_PERMISSION)
		return REFUSED;
	return answer->fault_stage == 1 ? FAULTS : ABORTS;
}

static bool is_sif(const struct obvious_answer *answer)
{
	return answer->event == F_PERMISSION && answer->fault_level == NO_LEVEL;
}

static unsigned find_secure(const struct smmu3_txn *txn, const struct obvious_answer *answer,
			    unsigned *index)
{
	const struct obvious_notes *notes = &answer->notes;
	const bool passes = answer->verdict == SMMU3_OK;
	const bool ns = txn->flags & SMMU3_TXN_NS;
	unsigned count = 0;

	if (!notes->secure)
		return 0;
	if (notes->config == 5 && !notes->skipped)
		index[count++] = (unsigned)(notes->world == OBVIOUS_EL3 ? EL3_AT : EL1_AT) +
				 way_of(answer);
	if (passes && notes->stage1.leaf)
		index[count++] = LEAVES_AT + 2u * notes->secure_leaf + answer->pas;
	if (passes && notes->config == 4)
		index[count++] = BYPASS_AT + 2u * notes->nscfg + ns;
	if (notes->config == 4 && is_sif(answer))
		index[count++] = SIF_AT + ns;
	return count;
}

const struct cell_group cells_of_secure = {
	"Secure streams: StreamWorlds, leaves, bypass with NSCFG and SIF", CELLS, name_secure,
	find_secure
};
