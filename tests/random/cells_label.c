/* SPDX-License-Identifier: MIT */
/* What labels accesses that pass, and in which PARTID space: of each Security state whether there
 * is such an ID; and of Translated transactions.  17 */
#include "cells.h"

enum { STATES = 3, SPACES = 2, SIZES = 2 };
enum { KINDS = STATES * OBVIOUS_LABELLERS * SPACES };
enum { TRANSLATED_AT = KINDS * SIZES, CELLS = TRANSLATED_AT + KINDS };

static const char *const state_name[STATES] = { "Non-secure", "Secure", "Realm" };

/* R_GBPA aborts, and only Non-secure Translated transactions go unchecked; Secure ones there are
 * none of; of a Non-secure stream MPAM_NS is nothing. */
static bool possible(bool translated, unsigned state, unsigned by, unsigned left)
{
	if (by == OBVIOUS_BY_NONE)
		return false;
	if (translated && state == SMMU3_PAS_SECURE)
		return false;
	if (by == OBVIOUS_BY_GBPMPAM && state == SMMU3_PAS_REALM)
		return false;
	return state != SMMU3_PAS_NS || !left;
}

static void name_label(unsigned index, struct cell *cell)
{
	static const char *const by_name[OBVIOUS_LABELLERS] = { "nothing", "GBPMPAM", "the STE",
								"the CD", "the VMS" };
	const bool translated = index >= TRANSLATED_AT;
	const unsigned kind = translated ? index - TRANSLATED_AT : index / SIZES;
	const unsigned left = kind % SPACES, by = kind / SPACES % OBVIOUS_LABELLERS;
	const unsigned state = kind / SPACES / OBVIOUS_LABELLERS;
	const bool large = !translated && index % SIZES;

	cell_name(cell, possible(translated, state, by, left), "%s%s, labelled by %s%s%s",
		  state_name[state], translated ? " Translated" : "", by_name[by],
		  left ? " by MPAM_NS" : "", large ? " with an ID that is too large" : "");
}

static unsigned find_label(const struct smmu3_txn *txn, const struct obvious_answer *answer,
			   unsigned *index)
{
	const struct obvious_notes *notes = &answer->notes;
	const unsigned who = txn->sec_sid * (unsigned)OBVIOUS_LABELLERS + notes->labelled;
	const unsigned kind = who * SPACES + notes->label_left;

	if (answer->verdict != SMMU3_OK || txn->ats == SMMU3_ATS_REQUEST || !notes->labelled)
		return 0;
	*index = txn->ats ? TRANSLATED_AT + kind : kind * SIZES + notes->label_large;
	return 1;
}

const struct cell_group cells_of_labels = {
	"labels of MPAM: state x by whom x space x too large, or Translated", CELLS, name_label,
	find_label
};
