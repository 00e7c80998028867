/* SPDX-License-Identifier: MIT */
#include "cells.h"

#include <stdarg.h>
#include <stdio.h>

const char *const cell_streams_name[STREAMS] = { "bypass", "stage 1", "stage 2", "both" };

unsigned cell_streams(const struct obvious_answer *answer)
{
	const unsigned config = answer->notes.config;

	return config >= 4 && config <= 7 ? config & 3 : 0;
}

void cell_name(struct cell *cell, bool reachable, const char *format, ...)
{
	va_list arguments;

	cell->reachable = reachable;
	va_start(arguments, format);
	(void)vsnprintf(cell->name, sizeof(cell->name), format, arguments);
	va_end(arguments);
}

/* ---- Rules: 5.2.2, 5.4.2 ---- */

static void name_rule(unsigned index, struct cell *cell)
{
	cell_name(cell, index != OBVIOUS_LEGAL, "%s (%s)", obvious_rule_name(index),
		  obvious_rule_requirements(index));
}

static unsigned find_rule(const struct smmu3_txn *txn, const struct obvious_answer *answer,
			  unsigned *index)
{
	(void)txn;
	*index = answer->notes.rule;
	return answer->notes.rule != OBVIOUS_LEGAL;
}

const struct cell_group cells_of_rules = { "rules that make an STE or a CD ILLEGAL", OBVIOUS_RULES,
					   name_rule, find_rule };

/* ---- All groups ---- */

const struct cell_group *const cell_groups[CELL_GROUPS] = {
	&cells_of_leaves,       &cells_of_pairs,   &cells_of_events,         &cells_of_accesses,
	&cells_of_rules,        &cells_of_types,   &cells_of_shareabilities, &cells_of_stalls,
	&cells_of_stalling,     &cells_of_models,  &cells_of_endings,        &cells_of_ats,
	&cells_of_edits,        &cells_of_worlds,  &cells_of_small_tables,   &cells_of_secure,
	&cells_of_secure_edits, &cells_of_realm,   &cells_of_protection,     &cells_of_formats,
	&cells_of_lpae,         &cells_of_updates, &cells_of_indirection,    &cells_of_indirection1,
	&cells_of_hardening,    &cells_of_classes, &cells_of_d128,           &cells_of_labels,
	&cells_of_registers,    &cells_of_choices,
};
