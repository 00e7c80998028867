/* SPDX-License-Identifier: MIT */
/* Transactions that are neither ordinary nor atomic: what becomes of each class, by the stages that
 * its stream has.  3.22, 16.7.2 */
#include "cells.h"

#include <smmu/decode.h>

enum {
	FIRST = SMMU3_CLASS_READ_CLEAN_INVALIDATE,
	CLASSES = SMMU3_CLASS_DESTRUCTIVE_HINT - FIRST + 1
};

enum end { ITSELF, LESS, WITHOUT_EFFECT, FAULT_1, FAULT_2, ENDS, OTHER = ENDS };

static bool is_hint(unsigned txn_class)
{
	return txn_class == SMMU3_CLASS_PREFETCH || txn_class == SMMU3_CLASS_DESTRUCTIVE_HINT;
}

/* It can go on as another: in SMMUv3.0 always, where there is no maintenance; else where a stage
 * translates. */
static bool has_less(unsigned txn_class, unsigned streams)
{
	return txn_class <= SMMU3_CLASS_WRITE_PREFETCH ||
	       (txn_class == SMMU3_CLASS_INVALIDATE && streams);
}

static bool possible(unsigned txn_class, unsigned streams, enum end end)
{
	const bool hint = is_hint(txn_class);

	switch (end) {
	case ITSELF:
		return true;
	case LESS:
		return has_less(txn_class, streams);
	case WITHOUT_EFFECT:
		return hint;
	case FAULT_1:
		return !hint && streams & 1;
	default:
		return !hint && streams & 2;
	}
}

static void name_class(unsigned index, struct cell *cell)
{
	static const char *const name[ENDS] = { "is itself", "is less", "has no effect",
						"fault of stage 1", "fault of stage 2" };
	const unsigned end = index % ENDS, streams = index / ENDS % STREAMS;
	const unsigned txn_class = FIRST + index / ENDS / STREAMS;

	cell_name(cell, possible(txn_class, streams, (enum end)end), "%s, %s: %s",
		  smmu3_class_name(txn_class), cell_streams_name[streams], name[end]);
}

static enum end end_of(const struct smmu3_txn *txn, const struct obvious_answer *answer)
{
	if (answer->verdict == SMMU3_OK)
		return answer->becomes == txn->txn_class ? ITSELF : LESS;
	if (answer->verdict == SMMU3_NO_OP)
		return WITHOUT_EFFECT;
	/* a stage that is passed by still checks a size: that is rare */
	if (answer->fault_stage == 1 && cell_streams(answer) & 1)
		return FAULT_1;
	return answer->fault_stage == 2 ? FAULT_2 : OTHER;
}

static unsigned find_class(const struct smmu3_txn *txn, const struct obvious_answer *answer,
			   unsigned *index)
{
	const enum end end = end_of(txn, answer);

	if (txn->txn_class < FIRST || txn->txn_class >= FIRST + CLASSES || end == OTHER)
		return 0;
	const unsigned txn_class = txn->txn_class - (unsigned)FIRST;

	*index = (txn_class * STREAMS + cell_streams(answer)) * ENDS + end;
	return 1;
}

bool cell_of_hint(unsigned index)
{
	return is_hint(FIRST + index / ENDS / STREAMS);
}

const struct cell_group cells_of_classes = { "classes: class x streams x what becomes of it",
					     CLASSES *STREAMS *ENDS, name_class, find_class };
