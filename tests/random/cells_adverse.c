/* SPDX-License-Identifier: MIT */
/* What the specification leaves open, where an access met it and it was otherwise. */
#include "cells.h"

enum { ALTERNATIVES = 2, AS_EVER = 1 };

static const struct {
	const char *name, *alternative[ALTERNATIVES];
} choice[OBVIOUS_CHOICE_COUNT] = {
#define CELLS_ROW(id, name, ...) { name, { __VA_ARGS__ } },
	OBVIOUS_CHOICES(CELLS_ROW)
};

static void name_choice(unsigned index, struct cell *cell)
{
	const unsigned which = index / ALTERNATIVES;
	const char *alternative = choice[which].alternative[index % ALTERNATIVES];

	cell_name(cell, alternative != NULL, "%s=%s", choice[which].name,
		  alternative ? alternative : "");
}

static unsigned find_choices(const struct smmu3_txn *txn, const struct obvious_answer *answer,
			     unsigned *index)
{
	unsigned count = 0;

	(void)txn;
	for (unsigned i = 0; i < OBVIOUS_CHOICE_COUNT && count < CELLS_PER_ACCESS; i++)
		if (answer->notes.met[i] > AS_EVER)
			index[count++] = i * ALTERNATIVES + answer->notes.met[i] - AS_EVER - 1;
	return count;
}

const struct cell_group cells_of_choices = { "what is left open, and was otherwise",
					     OBVIOUS_CHOICE_COUNT *ALTERNATIVES, name_choice,
					     find_choices };
