/* SPDX-License-Identifier: MIT */
#include "matrix.h"

#include "cells.h"

#include <stdlib.h>

struct matrix {
	uint64_t accesses, succeeded;
	bool adverse;
	struct cell *cell[CELL_GROUPS];
};

static unsigned group_of(const struct cell_group *wanted)
{
	unsigned group = 0;

	while (cell_groups[group] != wanted)
		group++;
	return group;
}

static void leave_out(struct matrix *matrix, unsigned group)
{
	for (unsigned i = 0; i < cell_groups[group]->count; i++)
		matrix->cell[group][i].reachable = false;
}

static void leave_out_hints(struct matrix *matrix)
{
	const unsigned group = group_of(&cells_of_classes);

	for (unsigned i = 0; i < cells_of_classes.count; i++)
		matrix->cell[group][i].reachable &= !cell_of_hint(i);
}

struct matrix *matrix_new(bool edits, bool reprograms, bool adverse)
{
	struct matrix *matrix = calloc(1, sizeof(*matrix));

	for (unsigned group = 0; matrix && group < CELL_GROUPS; group++) {
		matrix->cell[group] = calloc(cell_groups[group]->count, sizeof(struct cell));
		if (!matrix->cell[group])
			abort();
		for (unsigned i = 0; i < cell_groups[group]->count; i++)
			cell_groups[group]->name(i, &matrix->cell[group][i]);
	}
	if (!matrix)
		abort();
	matrix->adverse = adverse;
	if (!adverse)
		leave_out(matrix, group_of(&cells_of_choices));
	if (!reprograms)
		leave_out(matrix, group_of(&cells_of_registers));
	if (edits) { /* what is kept may not know that a hint could be let through */
		leave_out_hints(matrix);
		return matrix;
	}
	leave_out(matrix, group_of(&cells_of_edits));
	leave_out(matrix, group_of(&cells_of_secure_edits));
	return matrix;
}

void matrix_free(struct matrix *matrix)
{
	for (unsigned group = 0; group < CELL_GROUPS; group++)
		free(matrix->cell[group]);
	free(matrix);
}

/* Translation knows nothing of it. */
static bool stopped_at_output(const struct obvious_notes *notes)
{
	return notes->protection.reason == OBVIOUS_OUTPUT &&
	       notes->protection.last.gpcf != OBVIOUS_GPCF_NONE;
}

/* Labels are of all.  Secure and Realm streams have groups of their own, and rules are broken by
 * Secure ones, too; all other groups are of Non-secure streams alone; and of ordinary accesses and
 * atomics, but for events and that of the other classes. */
static bool is_of_state(const struct cell_group *group, const struct smmu3_txn *txn,
			const struct obvious_notes *notes)
{
	if (group == &cells_of_choices)
		return true;
	if (txn->txn_class > SMMU3_CLASS_ATOMIC && group != &cells_of_classes &&
	    group != &cells_of_events)
		return false;
	if (group == &cells_of_protection || stopped_at_output(notes))
		return group == &cells_of_protection;
	if (group == &cells_of_labels)
		return true;
	if (group == &cells_of_realm || notes->realm)
		return group == &cells_of_realm && notes->realm;
	return !notes->secure || group == &cells_of_secure || group == &cells_of_rules;
}

void matrix_count(struct matrix *matrix, const struct smmu3_txn *txn,
		  const struct obvious_answer *answer)
{
	matrix->accesses++;
	matrix->succeeded += answer->verdict == SMMU3_OK;
	for (unsigned group = 0; group < CELL_GROUPS; group++) {
		unsigned index[CELLS_PER_ACCESS];
		if (!is_of_state(cell_groups[group], txn, &answer->notes))
			continue;
		const unsigned count = cell_groups[group]->find(txn, answer, index);

		for (unsigned i = 0; i < count; i++)
			matrix->cell[group][index[i]].count++;
	}
}

void matrix_count_edit(struct matrix *matrix, const struct cell_group *group, unsigned cell)
{
	matrix->cell[group_of(group)][cell].count++;
}

/* ---- Printing ---- */

static unsigned long long ull(uint64_t value)
{
	return value;
}

static void print_group(const struct matrix *matrix, unsigned group, FILE *file)
{
	const struct cell *least = NULL;
	unsigned reachable = 0;

	for (unsigned i = 0; i < cell_groups[group]->count; i++) {
		const struct cell *cell = &matrix->cell[group][i];

		reachable += cell->reachable;
		if (cell->reachable && (!least || cell->count < least->count))
			least = cell;
	}
	fprintf(file, "%s: %u cells, the least %llu (%s)\n", cell_groups[group]->title, reachable,
		ull(least ? least->count : 0), least ? least->name : "none");
}

static void print_cells(const struct matrix *matrix, unsigned group, FILE *file)
{
	for (unsigned i = 0; i < cell_groups[group]->count; i++)
		if (matrix->cell[group][i].reachable)
			fprintf(file, "%12llu  %s\n", ull(matrix->cell[group][i].count),
				matrix->cell[group][i].name);
}

void matrix_print(const struct matrix *matrix, FILE *file, bool whole)
{
	for (unsigned group = 0; group < CELL_GROUPS; group++) {
		print_group(matrix, group, file);
		if (whole)
			print_cells(matrix, group, file);
	}
	fprintf(file, "%llu accesses, %llu of them succeeded\n", ull(matrix->accesses),
		ull(matrix->succeeded));
}

/* ---- Gating ---- */

static bool gate_cell(const struct cell *cell, uint64_t least, FILE *file)
{
	if (!cell->reachable && cell->count)
		fprintf(file, "reached %llu times, and should not be: %s\n", ull(cell->count),
			cell->name);
	else if (cell->reachable && cell->count < least)
		fprintf(file, "reached %llu times, not %llu: %s\n", ull(cell->count), ull(least),
			cell->name);
	else
		return true;
	return false;
}

bool matrix_gate_group(const struct matrix *matrix, const struct cell_group *group, uint64_t least,
		       FILE *file)
{
	bool passed = true;

	for (unsigned i = 0; i < group->count; i++)
		passed &= gate_cell(&matrix->cell[group_of(group)][i], least, file);
	return passed;
}

bool matrix_gate(const struct matrix *matrix, uint64_t least, FILE *file)
{
	const unsigned percent = matrix->adverse ? 40 : 50;
	bool passed = 100 * matrix->succeeded >= percent * matrix->accesses;

	if (!passed)
		fprintf(file, "fewer than %u%% of the accesses succeeded\n", percent);
	for (unsigned group = 0; group < CELL_GROUPS; group++)
		for (unsigned i = 0; i < cell_groups[group]->count; i++)
			passed &= gate_cell(&matrix->cell[group][i], least, file);
	return passed;
}
