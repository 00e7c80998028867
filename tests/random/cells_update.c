/* SPDX-License-Identifier: MIT */
/* Hardware updates: which flags of which descriptor, for an access or for a Translation Request;
 * and where stage 2 does not let one through.  3.13 */
#include "cells.h"

enum { UPDATES = OBVIOUS_UPDATES, WHO = 2 };

/* A fetch makes nothing dirty, and has set the flag of a table that is then written. */
static bool may_be(unsigned where, unsigned what)
{
	enum { OF_CD = 2, OF_TABLE = 3, BOTH = 2 };

	return where == OF_CD ? what == 0 : where != OF_TABLE || what != BOTH;
}

static void name_update(unsigned index, struct cell *cell)
{
	static const char *const what[] = { "Access flag", "dirty state", "both" };
	static const char *const where[] = { "stage 1", "stage 2", "stage 2, of a CD",
					     "stage 2, of a table" };
	const char *who = index / UPDATES ? "Translation Request" : "access";
	const unsigned update = index % UPDATES;

	if (update >= OBVIOUS_UPDATES_REFUSED)
		cell_name(cell, true, "%s: stage 2 does not let an update%s through", who,
			  update > OBVIOUS_UPDATES_REFUSED ? " of a table" : "");
	else if (update >= OBVIOUS_UPDATES_OF_TABLES)
		cell_name(cell, true, "%s: Access flag of a table at %s", who,
			  where[update - OBVIOUS_UPDATES_OF_TABLES]);
	else
		cell_name(cell, may_be(update / 3, update % 3), "%s: %s at %s", who,
			  what[update % 3], where[update / 3]);
}

static unsigned find_updates(const struct smmu3_txn *txn, const struct obvious_answer *answer,
			     unsigned *index)
{
	const unsigned first = txn->ats == SMMU3_ATS_REQUEST ? UPDATES : 0;
	unsigned count = 0;

	for (unsigned i = 0; i < UPDATES && count < CELLS_PER_ACCESS; i++)
		if (!(txn->flags & SMMU3_TXN_PROBE) && answer->notes.updates >> i & 1)
			index[count++] = first + i;
	return count;
}

const struct cell_group cells_of_updates = { "hardware updates: what x where x who", UPDATES *WHO,
					     name_update, find_updates };
