/* SPDX-License-Identifier: MIT */
/* Registers that are changed between accesses: which, of which state, and what an access makes of
 * it. */
#include "cells_reprogram.h"

enum { STOPS_DISABLED, PASSES_DISABLED, AS_BEFORE, OTHERWISE, ENDS };

static const struct {
	const char *name;
	unsigned states;
	bool matters;
} what_of[REPROGRAM_COUNT] = {
#define REPROGRAM_ROW(name, words, states, matters) { words, states, matters },
	REPROGRAM_WHATS(REPROGRAM_ROW)
};

/* A Realm state that is disabled lets nothing pass. */
static bool is_reachable(unsigned what, unsigned state, unsigned end)
{
	if (!(what_of[what].states >> state & 1))
		return false;
	if (end == PASSES_DISABLED)
		return state != SMMU3_PAS_REALM;
	return end != OTHERWISE || what_of[what].matters;
}

static void name_register(unsigned index, struct cell *cell)
{
	static const char *const of_state[STATES] = { [SMMU3_PAS_NS] = "Non-secure",
						      [SMMU3_PAS_SECURE] = "Secure",
						      [SMMU3_PAS_REALM] = "Realm" };
	static const char *const end_name[ENDS] = { "while disabled an access stops",
						    "while disabled an access passes",
						    "then the last access is asked again",
						    "then the last access ends otherwise" };
	const unsigned end = index % ENDS, state = index / ENDS % STATES;
	const unsigned what = index / ENDS / STATES;

	cell_name(cell, is_reachable(what, state, end), "%s, %s: %s", what_of[what].name,
		  of_state[state], end_name[end]);
}

static unsigned cell_of(const struct reprogramming *reprogramming, unsigned end)
{
	return (reprogramming->what * STATES + reprogramming->state) * ENDS + end;
}

unsigned cell_of_disabled(const struct reprogramming *reprogramming,
			  const struct obvious_answer *answer)
{
	return cell_of(reprogramming,
		       answer->verdict == SMMU3_OK ? PASSES_DISABLED : STOPS_DISABLED);
}

unsigned cell_of_reprogrammed(const struct reprogramming *reprogramming,
			      const struct obvious_answer *before,
			      const struct obvious_answer *after)
{
	const bool otherwise = after->verdict != before->verdict || after->perm != before->perm;

	return cell_of(reprogramming,
		       what_of[reprogramming->what].matters && otherwise ? OTHERWISE : AS_BEFORE);
}

static unsigned find_none(const struct smmu3_txn *txn, const struct obvious_answer *answer,
			  unsigned *index)
{
	(void)txn, (void)answer, (void)index;
	return 0;
}

const struct cell_group cells_of_registers = {
	"changes of registers: which x Security state x what an access makes of it",
	REPROGRAM_COUNT *STATES *ENDS, name_register, find_none
};
